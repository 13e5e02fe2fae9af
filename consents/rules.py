"""May we contact this recipient on this channel about this? The rules as a table (domain §3).

Act 917/2014 §§200-204 and GDPR Arts. 18 and 21. Pure functions over what is known (`Facts`); the
first rule that applies decides, so the prohibitions stand first and always win.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.models import MarketingChoice
from contracts.models import Product
from datamap.vocabulary import LawfulBasis

Channel = MarketingChoice.Channel
ELECTRONIC = frozenset({Channel.EMAIL, Channel.SMS, Channel.MESSAGE})
LISTED_BY_ROBINSON = frozenset({Channel.PHONE, Channel.POST})


class RecipientKind(Enum):
    """Who is written to: it decides which paragraph applies."""

    NATURAL = "natural"
    """A consumer, a private customer or a sole trader."""
    WORK = "work"
    """A named person at her work address."""
    GENERIC = "generic"
    """A company at an address that names nobody."""


@dataclass(frozen=True)
class Facts:
    """What is known of one recipient, channel, product group and sender at one moment."""

    kind: RecipientKind
    channel: str
    product_group: str
    prohibited: bool = False
    """She or her company prohibited it, or withdrew a permission, for this group or for all."""
    suppressed: bool = False
    """Somebody whose data is gone had prohibited it at this number or address."""
    restricted: bool = False
    told_of_marketing: bool = False
    source_known: bool = False
    listed_by_robinson: bool = False
    consented: bool = False
    asked_to_be_called: bool = False
    """Her consent is an express request to be called."""
    is_tied_to_duties: bool = False
    """The product is tied to what she does at work."""
    given_in_a_sale: bool = False
    """She gave the detail in a sale of the same group by the same company."""
    could_opt_out_then: bool = False
    """A free and easy way out was offered at that sale."""
    is_own_mobile_customer: bool = False
    """She has a mobile subscription of the sender's."""

    @property
    def is_own_customer(self) -> bool:
        """The exception for one's own customers, §200.3."""
        return self.given_in_a_sale and self.could_opt_out_then

    @property
    def is_as_natural(self) -> bool:
        """A named work address counts as a person's own where the product is not for her work."""
        return self.kind is RecipientKind.NATURAL or (
            self.kind is RecipientKind.WORK and not self.is_tied_to_duties
        )

    @property
    def sells_mobile(self) -> bool:
        return self.product_group == Product.Group.MOBILE


@dataclass(frozen=True)
class Rule:
    """One row of the table: when it applies, what it says, and where it stands in the law."""

    code: str
    allows: bool
    reference: str | Promise
    sentence: str | Promise
    applies: Callable[[Facts], bool]
    basis: LawfulBasis | None = None


_BALANCE = LawfulBasis.LEGITIMATE_INTEREST
_CONSENT = LawfulBasis.CONSENT

RULES: tuple[Rule, ...] = (
    # What forbids it, whatever else is so.
    Rule(
        "prohibited",
        False,
        _("Act 917/2014 §200.4, GDPR Art. 21(3)"),
        _("Marketing on this channel has been prohibited, or its permission withdrawn."),
        lambda f: f.prohibited,
    ),
    Rule(
        "suppressed",
        False,
        _("GDPR Art. 21(3)"),
        _("This number or address stands on our list of prohibitions."),
        lambda f: f.suppressed,
    ),
    Rule(
        "restricted",
        False,
        _("GDPR Art. 18(2)"),
        _("The processing of her data is restricted: it is only stored."),
        lambda f: f.restricted,
    ),
    Rule(
        "not_told",
        False,
        _("GDPR Arts. 13-14"),
        _("She has not been told that her data is used for marketing."),
        lambda f: not f.told_of_marketing and f.kind is not RecipientKind.GENERIC,
    ),
    Rule(
        "source_unknown",
        False,
        _("GDPR Art. 14(2)(f)"),
        _("Nobody knows where this number or address came from."),
        lambda f: not f.source_known,
    ),
    Rule(
        "robinson",
        False,
        _("ASML Robinson list"),
        _("The number or address stands on the Robinson list."),
        lambda f: f.listed_by_robinson and f.channel in LISTED_BY_ROBINSON,
    ),
    # Companies, and persons written to for their work.
    Rule(
        "company_address",
        True,
        _("Act 917/2014 §202"),
        _("A company's own address may be written to until it prohibits that."),
        lambda f: f.kind is RecipientKind.GENERIC,
        _BALANCE,
    ),
    Rule(
        "work_duties",
        True,
        _("Act 917/2014 §202"),
        _("The product is tied to her duties, and this is her address at work."),
        lambda f: f.kind is RecipientKind.WORK and f.is_tied_to_duties,
        _BALANCE,
    ),
    # Natural persons: electronic messages and automated calls.
    Rule(
        "consent",
        True,
        _("Act 917/2014 §200.1"),
        _("She has consented to marketing on this channel."),
        lambda f: f.channel in ELECTRONIC | {Channel.ROBOCALL} and f.consented,
        _CONSENT,
    ),
    Rule(
        "own_customer",
        True,
        _("Act 917/2014 §200.3"),
        _("She gave this address when she bought a similar product from us, and could refuse."),
        lambda f: f.channel in ELECTRONIC and f.is_own_customer,
        _BALANCE,
    ),
    Rule(
        "no_opt_out_then",
        False,
        _("Act 917/2014 §200.3"),
        _("She was offered no way out when she gave this address in a sale."),
        lambda f: f.channel in ELECTRONIC and f.given_in_a_sale,
    ),
    Rule(
        "no_consent",
        False,
        _("Act 917/2014 §200.1"),
        _("Marketing on this channel needs her consent, and she has given none."),
        lambda f: f.channel in ELECTRONIC | {Channel.ROBOCALL},
    ),
    # Natural persons: calls by a person, and post.
    Rule(
        "own_mobile_customer",
        True,
        _("Act 917/2014 §201"),
        _("She is our own mobile customer."),
        lambda f: f.channel == Channel.PHONE and f.sells_mobile and f.is_own_mobile_customer,
        _BALANCE,
    ),
    Rule(
        "call_request",
        True,
        _("Act 917/2014 §201"),
        _("She has expressly asked to be called."),
        lambda f: f.channel == Channel.PHONE and f.sells_mobile and f.asked_to_be_called,
        _CONSENT,
    ),
    Rule(
        "mobile_by_phone",
        False,
        _("Act 917/2014 §201"),
        _("Mobile subscriptions are not sold by phone to those who did not ask to be called."),
        lambda f: f.channel == Channel.PHONE and f.sells_mobile,
    ),
    Rule(
        "call",
        True,
        _("Act 917/2014 §200.2"),
        _("A person may call until she prohibits it."),
        lambda f: f.channel == Channel.PHONE,
        _BALANCE,
    ),
    Rule(
        "post",
        True,
        _("Act 917/2014 §200.2"),
        _("Addressed post may be sent until she prohibits it."),
        lambda f: f.channel == Channel.POST,
        _BALANCE,
    ),
)

BY_CODE = {rule.code: rule for rule in RULES}


class UndecidedCase(Exception):  # noqa: N818  (it reads as what it says)
    """No rule applies: a channel that the table does not know."""


def decide(facts: Facts) -> Rule:
    """The first rule that applies; raises UndecidedCase for an unknown channel."""
    for rule in RULES:
        if rule.applies(facts):
            return rule
    raise UndecidedCase
