"""What is done with requests of data subjects, each step atomic, locked and on record."""

from privacy.services.decisions import decide_erasure, decide_objection, decide_staff_names
from privacy.services.ending import (
    answer,
    close,
    decide_refusal,
    refuse,
    take_back_refusal,
    withdraw,
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
from privacy.services.rectifying import complete, rectify
from privacy.services.requests import (
    assign,
    correct,
    extend,
    move,
    open_request,
    say_whose,
)
from privacy.services.restricting import ends_on, lift, restrict
from privacy.services.telling import note_told

__all__ = [
    "add_note",
    "add_task",
    "answer",
    "ask_identity",
    "assign",
    "attach",
    "close",
    "complete",
    "correct",
    "decide_erasure",
    "decide_objection",
    "decide_refusal",
    "decide_staff_names",
    "ends_on",
    "extend",
    "finish_task",
    "go_on",
    "identify",
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
    "take_back_refusal",
    "throw_letter_away",
    "withdraw",
]
