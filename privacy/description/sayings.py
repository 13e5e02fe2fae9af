"""What descriptions, reports and letters say beside what is declared: in words for customers.

Each mapping has an entry for every member of its vocabulary; a test holds them to that.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from datamap.vocabulary import Category, Purpose

PURPOSES = {
    Purpose.CUSTOMER_RELATIONSHIP: _(
        "We manage, look after, maintain and develop the customer relationship: offers, orders, "
        "contracts, deliveries, invoices and the collection of debts."
    ),
    Purpose.COMMUNICATION: _("We answer you, and tell you of matters that concern your services."),
    Purpose.SERVICES: _("We produce, offer and develop services."),
    Purpose.MARKETING: _(
        "We tell you of our products and offers, also electronically and chosen for you, as far "
        "as the law allows it or you have agreed to it."
    ),
    Purpose.RESEARCH: _(
        "We do market research, analyses and statistics. Statistics never show who a person is."
    ),
    Purpose.VERIFICATION: _("We check what was agreed or done in a service event."),
    Purpose.PROBLEM_SOLVING: _("We find out what went wrong, and put it right."),
    Purpose.ACCOUNTABILITY: _(
        "We keep accounts, fulfil other duties by law, and show that we have kept the law."
    ),
}

CATEGORIES = {
    Category.NAME: _("Who you are, and in which language we serve you."),
    Category.EMAIL: _("Where we can write to you electronically."),
    Category.PHONE: _("Where we can call you or send you a text message."),
    Category.IDENTIFIER: _("The numbers by which we know a customer and a user."),
    Category.COMPANY_CONTACT: _("For whom you speak, in which task and position."),
    Category.SERVICES: _(
        "Your services and devices, offers, orders, deliveries, cancellations and returns, "
        "contracts, and the addresses of use and delivery."
    ),
    Category.HISTORY: _("What we have talked about, and what was changed in your services."),
    Category.MARKETING: _("What marketing you have allowed and forbidden."),
    Category.RECORDINGS: _("Recorded service calls and video calls, and stored messages."),
    Category.BILLING: _("How you are billed, your invoices, and debts in collection."),
    Category.SUPPLEMENTARY: _("What you told us of yourself, such as answers to a survey."),
    Category.DERIVED: _("Sums that we work out from the rest of the register."),
    Category.RIGHTS: _("Your requests about your data, what came of them, and restrictions."),
    Category.ACCESS_LOG: _("Who has looked at or changed your data, when and what for."),
}

PERSONS = (
    _("private customers, and customers who carry on a trade in their own name"),
    _("contact persons of companies and other organisations that are our customers"),
    _("users of services, whether or not they are customers themselves"),
)

SECURITY = (
    _("Everybody who handles the register is bound to confidentiality, staff and outsiders alike."),
    _(
        "Each user has an account of her own and signs in with a password and a second factor. "
        "Accounts are not shared."
    ),
    _("Nobody sees more than the work needs: rights follow the role and the kind of data."),
    _(
        "Every look at a person's data is written into a log that cannot be changed afterwards: "
        "who looked, when and what for. Without the log nothing is shown."
    ),
    _(
        "Recordings and messages are kept encrypted, each with a key of its own. Only a few "
        "people named for it may open them, and each time they give a reason."
    ),
    _("Connections are encrypted, and backups are protected like the register itself."),
    _("What is no longer needed is erased by the periods that are listed here."),
    _("The protection is tested and reviewed regularly."),
)

RIGHTS = (
    _("You can ask whether we hold data about you, and get a copy of it."),
    _("You can have wrong data corrected, and missing data added."),
    _("You can have data erased that we no longer need or may not keep."),
    _(
        "You can have the use of your data restricted, for example while we check whether it is "
        "right."
    ),
    _(
        "You can get the data that you gave us in a form that other systems can read, where we "
        "use it by your consent or by a contract."
    ),
    _(
        "You can object to a use that we base on our legitimate interest. We then stop it, unless "
        "we have compelling grounds to go on."
    ),
    _("You can ask when your data was looked at and what for."),
)
NO_MARKETING = _(
    "You can forbid direct marketing at any time, also the profiling for it, on one channel or on "
    "all of them. It costs nothing and needs no reasons, and we stop at once."
)
TAKING_BACK = _(
    "Where we use data by your consent, you can take it back at any time, as easily as you gave "
    "it. What was done before that stays lawful. What was collected with the consent is then "
    "erased."
)
OMBUDSMAN = _(
    "Tietosuojavaltuutetun toimisto, PL 800, 00531 Helsinki, phone 029 566 6700, tietosuoja@om.fi"
)


def complaint() -> str:
    """To whom she can complain (Art. 13(2)(d), 15(1)(f)), in the language in force."""
    return gettext(
        "If you think that we break the law in handling your data, you can complain to the Data "
        "Protection Ombudsman: %(ombudsman)s. You can also take the matter to a court."
    ) % {"ombudsman": OMBUDSMAN}
