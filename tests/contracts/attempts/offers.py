"""Rules about offers."""

from contracts import services
from contracts.services import LineInput
from customers.models import Source
from tests.builders import a_company
from tests.contract_builders import (
    DAY,
    a_service,
    an_offer,
)
from tests.contracts.attempts.base import (
    EARLIER,
    LATER,
    LATEST,
    Attempt,
    breaks,
    insert,
    with_values,
)


@breaks
def offer_line_is_not_sent() -> Attempt:
    service = a_service()
    offer = an_offer(a_company(), [service], sent_on=DAY)
    draft = an_offer(offer.customer, [service])
    return Attempt(
        lambda: services.save_offer(offer=offer, lines=[LineInput(service, 2)]),
        [
            ("UPDATE contracts_offerline SET quantity = 2 WHERE offer_id = %s", [offer.pk]),
            ("DELETE FROM contracts_offerline WHERE offer_id = %s", [offer.pk]),
            (
                "UPDATE contracts_offerline SET offer_id = %s, position = 2 WHERE offer_id = %s",
                [offer.pk, draft.pk],
            ),
        ],
    )


@breaks
def offer_has_lines_when_sent() -> Attempt:
    offer = an_offer(a_company())
    copy = type(offer)(
        customer=offer.customer, valid_until=LATEST, sent_on=DAY, source=Source.STAFF
    )
    return Attempt(
        lambda: services.send_offer(offer=offer, on=DAY),
        [
            ("UPDATE contracts_offer SET sent_on = %s WHERE id = %s", [DAY, offer.pk]),
            insert(copy),
        ],
    )


@breaks
def offer_is_as_it_was_sent() -> Attempt:
    service, other = a_service(), a_company("Toinen Oy")
    offer = an_offer(a_company(), [service], sent_on=DAY)
    return Attempt(
        lambda: services.save_offer(
            offer=with_values(offer, customer=other), lines=[LineInput(service)]
        ),
        [
            ("UPDATE contracts_offer SET sent_on = NULL WHERE id = %s", [offer.pk]),
            ("UPDATE contracts_offer SET currency = 'SEK' WHERE id = %s", [offer.pk]),
            ("UPDATE contracts_offer SET customer_id = %s WHERE id = %s", [other.pk, offer.pk]),
        ],
    )


@breaks
def offer_is_answered_once() -> Attempt:
    service = a_service()
    offer = an_offer(a_company(), [service], sent_on=DAY, accepted_on=LATER)
    return Attempt(
        lambda: services.save_offer(
            offer=with_values(offer, valid_until=LATEST), lines=[LineInput(service)]
        ),
        [
            ("UPDATE contracts_offer SET accepted_on = NULL WHERE id = %s", [offer.pk]),
            (
                "UPDATE contracts_offer SET accepted_on = NULL, declined_on = %s WHERE id = %s",
                [LATER, offer.pk],
            ),
            ("UPDATE contracts_offer SET sent_on = %s WHERE id = %s", [EARLIER, offer.pk]),
        ],
    )
