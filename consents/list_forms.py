"""The forms of marketing lists: a message with its target group, and a choice made from a list."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Recipient
from consents.decided_sets import Message
from consents.models import OWN_COMPANY, MarketingChoice
from consents.services.lists import MOST_DAYS
from consents.target_groups import TargetGroupForm
from contracts.models import Product
from customers.once_forms import OnceForm

EVERYTHING = "everything"
"""The choice that prohibits every channel at once."""


def _senders() -> list[tuple[str, str]]:
    """We ourselves, and the companies of the group."""
    group = Recipient.objects.filter(kind=Recipient.Kind.GROUP).order_by("name")
    return [(name, name) for name in (OWN_COMPANY, *group.values_list("name", flat=True))]


class MessageForm(TargetGroupForm):
    """What a message is and whom it is for: enough to count the group."""

    channel = forms.ChoiceField(label=_("Channel"), choices=MarketingChoice.Channel.choices)
    product_group = forms.ChoiceField(label=_("What is marketed"), choices=Product.Group.choices)
    sender = forms.ChoiceField(
        label=_("Sender"),
        choices=_senders,
        initial=OWN_COMPANY,
        help_text=_("The company in whose name the message goes out."),
    )

    message_fields = ("name", "channel", "product_group", "sender", "expires_on")

    def message(self) -> Message:
        """The message that a valid form is about."""
        data = self.cleaned_data
        return Message(data["channel"], data["product_group"], data["sender"])

    @property
    def about_message(self) -> list[forms.BoundField]:
        return [self[name] for name in self.message_fields]

    @property
    def about_group(self) -> list[forms.BoundField]:
        return [
            field
            for field in self.visible_fields()
            if field.name not in (*self.message_fields, "audience")
        ]


class ListForm(OnceForm, MessageForm):
    """A list to be made; the key that comes with the form makes it once."""

    name = forms.CharField(
        label=_("Message"), max_length=100, help_text=_("What the list is for; names nobody.")
    )
    expires_on = forms.DateField(
        label=_("Can be used until"),
        help_text=_("30 days from today at most."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, only_counts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expires_on"].initial = today + timedelta(days=MOST_DAYS // 2)
        self.fields["expires_on"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + timedelta(days=MOST_DAYS)).isoformat(),
        }
        if only_counts:
            for name in ("public_id", "name", "expires_on"):
                self.fields[name].required = False


class ChoiceForm(forms.Form):
    """What a recipient said when she was met from a list."""

    row = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    channel = forms.ChoiceField(choices=MarketingChoice.Channel.choices, required=False)
    choice = forms.ChoiceField(
        choices=[*MarketingChoice.Choice.choices, (EVERYTHING, _("Prohibits everything"))]
    )
    source = forms.ChoiceField(
        choices=[
            (source.value, source.label)
            for source in (
                MarketingChoice.Source.CALL,
                MarketingChoice.Source.LETTER,
                MarketingChoice.Source.FORM,
            )
        ]
    )
    wording = forms.UUIDField(required=False)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
