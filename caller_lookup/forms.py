"""What the agent types."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from customers.lookup import LONGEST_TERM


class LookupForm(forms.Form):
    """One field: a number, a name, an address or an ID, in any writing."""

    q = forms.CharField(
        label=_("Who is calling?"),
        required=False,
        # Not max_length: the browser would cut what is pasted, and somebody else would be found.
        validators=[
            MaxLengthValidator(LONGEST_TERM, _("This is too long to be a name, a number or an ID."))
        ],
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "autofocus": True,
                "spellcheck": "false",
                "aria-describedby": "lookup-help",
            }
        ),
        error_messages={
            "null_characters_not_allowed": _("This holds characters that nobody types."),
        },
    )
