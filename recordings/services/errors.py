"""Why a service refuses; none of these says a personal value, since errors end up in logs."""


class Destroyed(Exception):  # noqa: N818  (it reads as what it says)
    """Its key is gone: nobody can open it any more, and nothing is done with it."""


class Held(Exception):  # noqa: N818
    """A hold or a restriction keeps it for now (domain §5)."""


class NotYet(Exception):  # noqa: N818
    """The rule by which it should be destroyed does not ask for it: not due, not in quarantine."""
