"""What a person is given: collected from all declarations, reviewed, and made into files.

Collecting writes a draft of lines (`collecting`, `drafts`); in it other people are found
(`third_persons`); what is decided about them is applied whenever a file is made from it (`pdf`,
`json_file`, `zips`, `portable`). ADR "A draft, its finds, then the files".
"""
