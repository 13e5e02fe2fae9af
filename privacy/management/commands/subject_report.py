"""`manage.py subject_report PERSON-UUID --out FOLDER`: the files of a package, made at once."""

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.context import AccessPurpose, access_context, require
from audit.log import Action, Event
from customers.models import Person
from customers.models.base import Language
from datamap.vocabulary import Category
from privacy.report.collecting import Line, Whose, files_of
from privacy.report.drafts import Spans, lines_in, redacted, spans_by_place, steps_of, write
from privacy.report.files import Made, access_files, name_of, portable_files
from privacy.report.third_persons import find
from privacy.report.zips import new_password

JOB = "subject_report"
_READ = 1 << 20


class Command(BaseCommand):
    """Make the report of a person without a request, by the code that packages are made by.

    Nobody reviews what is found about other people here, so finds end it, unless all of them are
    to be blacked out.
    """

    help = _("Writes the report of a person, her data and her recordings into a new folder.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", type=UUID, help=_("the person's public ID"))
        parser.add_argument(
            "--out", type=Path, required=True, help=_("a folder that is not there yet")
        )
        parser.add_argument(
            "--language", choices=Language.values, help=_("of the report; else hers")
        )
        parser.add_argument(
            "--portable", action="store_true", help=_("only what she can take along")
        )
        parser.add_argument(
            "--redact-all",
            action="store_true",
            help=_("black out whatever seems to be of others"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with _context():
            person = Person.objects.filter(public_id=options["person"]).first()
        if person is None:
            raise CommandError(_("There is no such person."))
        language = options["language"] or person.language
        whose = Whose(person, only_portable=options["portable"])
        with tempfile.TemporaryFile() as draft:
            for step in steps_of(whose, language):
                with _context(), override(language):
                    write(step(), draft)
            finds = list(find(lambda: lines_in(draft), person, _context))
            if finds and not options["redact_all"]:
                raise CommandError(
                    _(
                        "Places that seem to be about somebody else and that nobody has reviewed: "
                        "%(number)d. Make a package in the request, or give --redact-all."
                    )
                    % {"number": len(finds)}
                )
            spans = spans_by_place((one.pointer, one.start, one.stop) for one in finds)
            self._make(draft, spans, whose, language, options["out"])
        if finds:
            self.stdout.write(_("Blacked out unreviewed: %(number)d") % {"number": len(finds)})

    def _make(
        self, draft: IO[bytes], spans: Spans, whose: Whose, language: str, folder: Path
    ) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            raise CommandError(_("The folder is there already: name a new one.")) from None
        password = new_password()
        with _context():
            hers = files_of(whose.person)

        def lines() -> Iterator[Line]:
            return redacted(lines_in(draft), spans, hers)

        with override(language):
            files = (
                portable_files(lines)
                if whose.only_portable
                else access_files(lines, addressee=[whose.person.display_name], password=password)
            )
            names = [_written(made, folder) for made in files]
        with _context():
            _record_export(whose.person)
        for name in names:
            self.stdout.write(str(folder / name))
        if "recordings.zip" in names:
            self.stdout.write(
                _("Password of the recordings, kept nowhere: %(password)s") % {"password": password}
            )


def _context() -> Any:
    return access_context(job=JOB, purpose=AccessPurpose.SUBJECT_REQUEST)


def _written(made: Made, folder: Path) -> str:
    """Write a file that only its owner can read."""
    name = name_of(made.kind, made.volume)
    opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with made.content as content, os.fdopen(opened, "wb") as file:
        while piece := content.read(_READ):
            file.write(piece)
    return name


def _record_export(person: Person) -> None:
    require().record(
        Event(
            Action.EXPORT,
            person=person.pk,
            categories=tuple(category.value for category in Category),
            content_type=ContentType.objects.get_for_model(Person).pk,
            object_id=person.pk,
        )
    )
