"""What each customer has bought and paid: most are quiet, some have changed or not paid."""

from datetime import date, timedelta

from praecom_registry.demo import agreements, billing, selling
from praecom_registry.demo.agreements import Lines
from praecom_registry.demo.catalogue import CATALOGUE, Item
from praecom_registry.demo.clients import Client, Numbers, clients_of
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.scene import Scene

_MOODS = Weighted([("quiet", 80), ("lively", 15), ("stormy", 5)])
_INVOICES = {"quiet": (3, 5), "lively": (6, 10), "stormy": (8, 14)}

_PRIVATE = Weighted(
    [
        ("mobile-s", 22), ("mobile-m", 24), ("mobile-l", 12), ("mobile-data", 8),
        ("internet-100", 14), ("internet-500", 10), ("internet-1000", 5), ("cloud-mail", 2),
    ]
)  # fmt: skip
_PRIVATE_SECOND = Weighted([("security-home", 45), ("mobile-s", 35), ("cloud-backup", 20)])
_COMPANY = Weighted(
    [
        ("mobile-work", 30), ("mobile-work-plus", 8), ("internet-office", 16), ("cloud-basic", 8),
        ("cloud-standard", 14), ("voice-exchange", 7), ("voice-teams", 5), ("support-user", 6),
        ("security-firewall", 3), ("internet-wifi", 3),
    ]
)  # fmt: skip
_PER_SEAT = {
    "mobile-work", "mobile-work-plus", "cloud-basic", "cloud-standard", "voice-teams",
    "voice-user", "support-user", "security-endpoint",
}  # fmt: skip
_GOES_WITH = {
    "voice-exchange": "voice-user", "internet-office": "security-firewall",
    "support-user": "security-endpoint",
}  # fmt: skip
_DEVICE_OF = {"mobile": "device-phone", "internet": "device-router", "voice": "device-desk-phone"}
_MOST_SEATS = 25


def tell_stories(scene: Scene, numbers: Numbers) -> None:
    """Add what the customers of the scene's batch have bought."""
    for client in clients_of(scene.batch):
        _Story(scene, client, numbers).tell()


class _Story:
    """One customer's: a first contract, what came after it, and the invoices."""

    def __init__(self, scene: Scene, client: Client, numbers: Numbers) -> None:
        self.scene, self.client, self.numbers = scene, client, numbers
        self.rng = scene.rng
        self.mood = _MOODS.draw(self.rng)
        self.seats = min(1 + int(1.2 * max(len(client.users), 1) * self.rng.random()), _MOST_SEATS)

    def tell(self) -> None:
        scene, client, rng = self.scene, self.client, self.rng
        signed_on = self._signed_on()
        account = billing.add_account(scene, client, signed_on)
        self._contract(account, signed_on, self._last_day(signed_on))
        if self.mood != "quiet":
            self._afterwards(account, signed_on)
        least, most = _INVOICES[self.mood]
        unpaid = 1 + int(4 * rng.random()) if self.mood == "stormy" else 0
        number = least + int((most - least + 1) * rng.random())
        has_credit = self.mood != "quiet" and rng.random() < 0.15
        billing.add_invoices(scene, client, account, number, unpaid, has_credit)

    def _signed_on(self) -> date:
        return self._later(self.client.since, self.rng.random() ** 2)

    def _later(self, day: date, part: float) -> date:
        """A day between this one and the end of what there is to tell."""
        days = ((self.client.ended_on or self.scene.today) - day).days
        return day + timedelta(days=int(days * part))

    def _last_day(self, signed_on: date) -> date | None:
        """The last day of who has left, or of who has given notice lately."""
        if self.client.ended_on is not None:
            return max(self.client.ended_on, signed_on)
        leaves = {"quiet": 0.01, "lively": 0.05, "stormy": 0.2}[self.mood]
        if self.rng.random() < leaves and (self.scene.today - signed_on).days > 60:
            return self.scene.days_after(self.scene.today, 3, 28)
        return None

    def _speaker(self) -> int | None:
        return one_of(self.rng, self.client.contacts) if self.client.contacts else None

    def _contract(self, account: int, signed_on: date, last_day: date | None) -> None:
        """Perhaps an offer, then an order and a contract, its services and devices."""
        scene, client, rng = self.scene, self.client, self.rng
        person, lines = self._speaker(), self._basket()
        offer = None
        if rng.random() < (0.5 if client.is_company else 0.03):
            offer = selling.add_accepted_offer(scene, client, person, lines, signed_on)
        made = agreements.add_contract(scene, client, account, person, signed_on, last_day=last_day)
        ordered = selling.add_order(
            scene, client, person, lines, signed_on, offer=offer, agreement=made
        )
        agreements.add_services(scene, client, made, lines, self.numbers)
        selling.hand_out(scene, client, ordered, last_day)
        if self.mood != "quiet":
            if rng.random() < 0.3:
                agreements.terminate_one(scene, made)
            if rng.random() < 0.6:
                agreements.change_one(scene, client, made)
            if rng.random() < 0.25:
                selling.return_a_device(scene, client, ordered)

    def _afterwards(self, account: int, signed_on: date) -> None:
        """More orders, some of them cancelled; offers that came to nothing; another contract."""
        scene, client, rng = self.scene, self.client, self.rng
        for _ in range(1 + int((3 if self.mood == "stormy" else 2) * rng.random())):
            lines = self._extras()
            ordered_on = self._later(signed_on, rng.random())
            is_cancelled = rng.random() < (0.3 if self.mood == "stormy" else 0.08)
            ordered = selling.add_order(
                scene, client, self._speaker(), lines, ordered_on, is_cancelled=is_cancelled
            )
            if not is_cancelled and len(lines) > 1 and rng.random() < 0.4:
                selling.cancel_last_line(scene, client, ordered)
            selling.hand_out(scene, client, ordered, client.ended_on)
            if rng.random() < 0.25:
                selling.return_a_device(scene, client, ordered)
        if rng.random() < 0.4:
            selling.add_other_offer(scene, client, self._speaker(), self._basket())
        if client.ended_on is None and rng.random() < 0.3:
            self._contract(account, scene.day_after(signed_on), None)

    # --- what is bought

    def _basket(self) -> Lines:
        """One or two services, with the device that is used with them."""
        rng, client = self.rng, self.client
        first = (_COMPANY if client.is_company else _PRIVATE).draw(rng)
        codes = [first]
        if client.is_company:
            if rng.random() < 0.45:
                codes.append(_GOES_WITH.get(first) or _COMPANY.draw(rng))
        elif rng.random() < 0.3:
            codes.append(_PRIVATE_SECOND.draw(rng))
        lines = [(CATALOGUE[code], self._quantity(code)) for code in dict.fromkeys(codes)]
        device = _DEVICE_OF.get(lines[0][0].group)
        if device is not None and rng.random() < 0.4:
            lines.append((CATALOGUE[device], 1))
        return lines

    def _quantity(self, code: str) -> int:
        return self.seats if code in _PER_SEAT else 1

    def _extras(self) -> Lines:
        """Devices and work that are bought one by one."""
        rng = self.rng
        codes = (
            ("device-laptop", "device-headset", "device-desk-phone", "device-access-point")
            if self.client.is_company
            else ("device-phone", "device-headset", "device-access-point")
        )
        chosen: list[tuple[Item, int]] = [(CATALOGUE[one_of(rng, codes)], 1)]
        if rng.random() < 0.5:
            work = one_of(rng, ("support-visit", "support-install"))
            chosen.append((CATALOGUE[work], 1 + int(2 * rng.random())))
        return chosen
