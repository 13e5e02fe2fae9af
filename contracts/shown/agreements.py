"""Contracts with their services in use, and the devices that are out (S19)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import Http404

from contracts.models import Contract, DeviceHandover, Subscription
from contracts.shown.viewing import Viewing
from customers.covering import shown_address, shown_detail
from customers.models import Customer
from customers.models.base import is_over
from customers.pages import Page, first_of_each, grouped, page_of

SERVICES_OF_A_CONTRACT = 5
SERVICES_PER_PAGE = 25
OWN_SERVICES = 10
DEVICES_PER_PAGE = 10

_IN_USE_FIRST = (F("terminated_on").desc(nulls_first=True), F("opened_on").desc(), F("id").desc())


@dataclass(frozen=True)
class ShownService:
    """A service with its subscriber number and address, covered where they must be."""

    record: Subscription
    identifier: str
    address: tuple[str, ...]
    is_covered: bool

    @property
    def has_ended(self) -> bool:
        """Whether the last day of the service is over."""
        return is_over(self.record.terminated_on)


@dataclass(frozen=True)
class ShownContract:
    """A contract with the first of its services, those in use before the others."""

    record: Contract
    customer: Customer
    services: list[ShownService]
    number_of_services: int

    @property
    def has_more(self) -> bool:
        """Whether the contract has services that are not shown."""
        return self.number_of_services > len(self.services)


@dataclass(frozen=True)
class ShownDevice:
    """A device that is out, and which customer has it."""

    record: DeviceHandover
    customer: Customer


@dataclass(frozen=True)
class Agreements:
    """A page of contracts and of the devices that are out, or one contract's services."""

    viewing: Viewing
    contracts: list[ShownContract]
    page: Page
    own_services: list[ShownService]
    devices: list[ShownDevice]
    devices_page: Page | None

    @property
    def only_contract(self) -> Contract | None:
        """The contract whose services are paged; None where the contracts are."""
        return self.contracts[0].record if self.devices_page is None else None

    @property
    def are_covered(self) -> bool:
        """Whether something waits to be uncovered."""
        services = [service for one in self.contracts for service in one.services]
        return any(service.is_covered for service in [*self.own_services, *services])


def agreements_of(
    viewing: Viewing, *, per_page: int, number: str = "", devices: str = ""
) -> Agreements:
    """A page of the contracts, those in force first, and a page of the devices that are out."""
    contracts = Contract.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    page = page_of(contracts.select_related("signed_by").in_force_first(), number, per_page)
    services = first_of_each(
        _services(viewing, page.rows), "contract", _IN_USE_FIRST, SERVICES_OF_A_CONTRACT
    )
    by_contract = grouped(services, "contract_id")
    handovers = DeviceHandover.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    handovers = handovers.out().select_related("device__product", "person").out_first()
    out = page_of(handovers, devices, DEVICES_PER_PAGE)
    return Agreements(
        viewing,
        [_shown_contract(viewing, one, by_contract.get(one.pk, [])) for one in page.rows],
        page,
        _own_services(viewing),
        [ShownDevice(one, viewing.customer(one.customer_id)) for one in out.rows],
        out,
    )


def agreement_of(viewing: Viewing, public_id: UUID | None, number: str) -> Agreements:
    """One contract with a page of its services; 404 where the customers have none such."""
    contracts = Contract.objects.visible_to(viewing.user).filter(customer__in=viewing.keys)
    named = contracts.filter(public_id=public_id) if public_id else contracts.none()
    contract = named.select_related("signed_by").first()
    if contract is None:
        raise Http404
    page = page_of(_services(viewing, [contract]).in_force_first(), number, SERVICES_PER_PAGE)
    shown = replace(_shown_contract(viewing, contract, page.rows), number_of_services=0)
    return Agreements(viewing, [shown], page, [], [], None)


def _services(viewing: Viewing, contracts: Any) -> Any:
    services = Subscription.objects.visible_to(viewing.user).filter(contract__in=contracts)
    return services.select_related("product", "user", "address")


def _own_services(viewing: Viewing) -> list[ShownService]:
    """What the person of the card uses herself under another's contract."""
    if viewing.person is None:
        return []
    own = [one.pk for one in viewing.customers if one.owner_id == viewing.person.pk]
    services = (
        Subscription.objects.visible_to(viewing.user)
        .filter(user=viewing.person)
        .exclude(customer__in=own)
        .select_related("product", "address", "customer")
        .in_force_first()[:OWN_SERVICES]
    )
    return [_shown_service(viewing, one, one.customer) for one in services]


def _shown_contract(viewing: Viewing, contract: Contract, services: Any) -> ShownContract:
    customer = viewing.customer(contract.customer_id)
    return ShownContract(
        contract,
        customer,
        [_shown_service(viewing, one, customer) for one in services],
        services[0].total if services else 0,
    )


def _shown_service(viewing: Viewing, service: Subscription, customer: Customer) -> ShownService:
    """A subscriber number is somebody's phone number; the name of a line is nobody's."""
    is_number = service.identifier.startswith("+")
    covers_number = is_number and viewing.covers(customer, service.user_id)
    address = service.address
    covers_address = address is not None and viewing.covers(customer, address.person_id)
    return ShownService(
        service,
        shown_detail(service.identifier, cover=covers_number),
        shown_address(address, cover=covers_address).lines if address is not None else (),
        covers_number or covers_address,
    )
