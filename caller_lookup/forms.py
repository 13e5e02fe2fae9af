"""What the agent types."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_TERM = 200


class LookupForm(forms.Form):
    """One field: a number, a name, an address or an ID, in any writing."""

    q = forms.CharField(
        label=_("Who is calling?"),
        required=False,
        max_length=LONGEST_TERM,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "autofocus": True,
                "spellcheck": "false",
                "maxlength": None,
                "aria-describedby": "lookup-help",
            }
        ),
        error_messages={
            "max_length": _("This is too long to be a name, a number or an ID."),
            "null_characters_not_allowed": _("This holds characters that nobody types."),
        },
    )
