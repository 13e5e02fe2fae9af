"""The models of recordings: sealed files, recordings, messages, and what is done with them."""

from recordings.models.care import Reassignment, RecordingHold
from recordings.models.files import SealedFile
from recordings.models.kept import DestroyedBy, Quarantine
from recordings.models.messages import MessageConcerns, StoredMessage
from recordings.models.recordings import Recording, RecordingConcerns

__all__ = [
    "DestroyedBy",
    "MessageConcerns",
    "Quarantine",
    "Reassignment",
    "Recording",
    "RecordingConcerns",
    "RecordingHold",
    "SealedFile",
    "StoredMessage",
]
