"""Forms that make one record however often they are sent: the record's key comes with the form."""

from typing import Any
from uuid import uuid4

from django import forms


class OnceForm(forms.Form):
    """A form that brings the public ID of the record that it makes: sent twice, it makes one."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["public_id"] = uuid4()

    def begin_anew(self) -> None:
        """Keep what was typed for a record of its own: this key has made another before."""
        data: Any = self.data
        self.data = data = data.copy()
        data["public_id"] = str(uuid4())
