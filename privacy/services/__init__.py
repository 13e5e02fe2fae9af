"""What is done with requests of data subjects, each step atomic, locked and on record."""

from privacy.services.identity import ask_identity, go_on, identify, pauses_of
from privacy.services.papers import (
    add_note,
    add_task,
    attach,
    finish_task,
    keep_letter,
    send_letter,
    throw_letter_away,
)
from privacy.services.requests import (
    answer,
    assign,
    close,
    extend,
    move,
    open_request,
    refuse,
    say_whose,
)

__all__ = [
    "add_note",
    "add_task",
    "answer",
    "ask_identity",
    "assign",
    "attach",
    "close",
    "extend",
    "finish_task",
    "go_on",
    "identify",
    "keep_letter",
    "move",
    "open_request",
    "pauses_of",
    "refuse",
    "say_whose",
    "send_letter",
    "throw_letter_away",
]
