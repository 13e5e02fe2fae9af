"""What is done with requests of data subjects, each step atomic, locked and on record."""

from privacy.services.decisions import (
    decide_erasure,
    decide_objection,
    decide_staff_names,
    rectify,
)
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
from privacy.services.restricting import is_told, lift, restrict
from privacy.services.telling import note_told

__all__ = [
    "add_note",
    "add_task",
    "answer",
    "ask_identity",
    "assign",
    "attach",
    "close",
    "decide_erasure",
    "decide_objection",
    "decide_staff_names",
    "extend",
    "finish_task",
    "go_on",
    "identify",
    "is_told",
    "keep_letter",
    "lift",
    "move",
    "note_told",
    "open_request",
    "pauses_of",
    "rectify",
    "refuse",
    "restrict",
    "say_whose",
    "send_letter",
    "throw_letter_away",
]
