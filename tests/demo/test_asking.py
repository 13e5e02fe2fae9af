"""Demo requests: in every state, one about nobody, one by a representative; made once."""

from collections import Counter

import pytest

from accounts.models import User
from audit.context import AccessPurpose, access_context
from praecom_registry.demo.asking import make_requests
from privacy.models import (
    Objection,
    Package,
    PackageFile,
    ProposedRedaction,
    Rectification,
    RequestAttachment,
    RequestLetter,
    SubjectRequest,
)
from privacy.states import State
from tests.builders import a_person, a_private_customer, an_address
from tests.package_builders import the_other_registrar
from tests.recording_builders import a_recording
from tests.request_builders import the_registrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    a_person("Bruxana", "Wolframi")  # who stands in what was written of the others
    for number in range(14):
        person = a_person(f"Aino{number}", "Mallikas", language=("fi", "sv", "en")[number % 3])
        a_private_customer(person)
        an_address(person)
    a_recording(person)
    the_other_registrar()
    return the_registrar()


def test_there_is_a_request_in_every_state_and_each_is_made_once(registrar: User) -> None:
    make_requests(job="seed_demo")
    make_requests(job="seed_demo")

    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        requests = list(SubjectRequest.objects.all())
        letters = RequestLetter.objects.count()
        packages = list(Package.objects.order_by("pk").values_list("status", flat=True))
        files = list(PackageFile.objects.order_by("kind").values_list("kind", flat=True))
        finds = ProposedRedaction.objects.undecided().count()
        decided = Objection.objects.count(), Rectification.objects.count()
        copies = list(RequestAttachment.objects.filter(is_identity_document=True))
    assert set(Counter(request.state for request in requests)) == set(State.values)
    assert [request.state for request in requests if request.person_id is None] == ["in_progress"]
    assert sum(bool(request.representative) for request in requests) == 1
    assert letters == 8
    assert packages == ["review", "ready"]
    assert files == ["data", "report"]
    assert finds > 1
    assert decided == (2, 1)
    assert [copy.destroyed_at for copy in copies] == [None]


def test_without_a_registrar_there_are_none() -> None:
    make_requests(job="seed_demo")
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        assert not SubjectRequest.objects.exists()
