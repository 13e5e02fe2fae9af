"""Work on a package that is killed at any moment ends the same when it is begun anew."""

import pytest

from privacy.models import Package
from recordings.models import SealedFile
from tests.builders import a_person, an_interaction
from tests.package_builders import (
    approved,
    as_it_is,
    asked_for,
    collected,
    files_of,
    finds_of,
    working,
)
from tests.recordings.killing import finish, kill_when

pytestmark = pytest.mark.django_db(transaction=True)
Status = Package.Status
COLLECT = "from privacy.package_tasks import collect_package; collect_package({key})"
MAKE = "from privacy.package_tasks import make_package; make_package({key})"


def steps_done(package: Package) -> int:
    with working():
        return Package.objects.get(pk=package.pk).steps_done


@pytest.mark.parametrize("steps", [1, 20])
def test_a_killed_collection_is_collected_anew(steps: int) -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Bruxana soitti")
    package = asked_for(person)
    work = COLLECT.format(key=package.pk)

    kill_when(work, lambda: steps_done(package) >= steps)
    finish(work)

    assert as_it_is(package).status == Status.REVIEW
    assert len(finds_of(package)) == 1


def test_killed_making_makes_each_file_once() -> None:
    person = a_person("Zetalla", "Qvantelo")
    for number in range(50):
        an_interaction(person, f"Vika {number}", "Yhteys katkeili")
    package = approved(collected(person))
    work = MAKE.format(key=package.pk)

    kill_when(work, lambda: SealedFile.objects.count() > 1)
    finish(work)

    assert as_it_is(package).status == Status.READY
    assert set(files_of(package)) == {"report-1", "data-1"}
