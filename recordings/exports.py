"""What of recordings and messages is given out to the person they concern (Art. 15(3))."""

from typing import Any

from django.utils.translation import gettext as _

from recordings.models import Recording, StoredMessage
from recordings.reading import read_message

_ENDINGS = {
    Recording.Format.WAV: ".wav",
    Recording.Format.MP3: ".mp3",
    Recording.Format.OPUS: ".opus",
    Recording.Format.MP4: ".mp4",
}


def recording_ending(recording: Recording) -> str:
    """How a recording's file ends; nothing of one that is destroyed or that nobody may play."""
    if recording.destroyed_at is not None or recording.quarantined_at is not None:
        return ""
    return _ENDINGS.get(Recording.Format(recording.format), ".bin")


def message_ending(message: StoredMessage) -> str:
    """How a message's file ends; nothing of one that is destroyed or in quarantine."""
    if message.destroyed_at is not None or message.quarantined_at is not None:
        return ""
    return ".eml" if message.kind == StoredMessage.Kind.EMAIL else ".txt"


def message_words(message: StoredMessage) -> str:
    """The subject, the text and the names of the attachments; a long text says that it is cut."""
    content = read_message(message)
    parts: list[Any] = [content.subject, content.text, *(one.name for one in content.attachments)]
    if content.is_cut:
        parts.append(_("The text goes on in the file."))
    return "\n\n".join(part for part in parts if part)
