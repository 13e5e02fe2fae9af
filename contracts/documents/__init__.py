"""Documents for customers as tagged PDF: offers, order confirmations and contract summaries.

What a document says is put together in `content`, in the customer's language; how it looks stands
in `letter.typ`; `child` compiles it in a process of its own.
"""
