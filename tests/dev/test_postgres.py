"""The embedded PostgreSQL: who may what in it, and that it lives exactly as long as it is used."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from dev_database import embedded
from dev_postgres import DATABASE, Cluster, PostgresError, in_use, is_running, remove
from tests.dev.processes import address_told_by, leave, living, until, user_of


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A server that keeps its data, in a folder of its own."""
    made = embedded(tmp_path / "postgres", tmp_path)
    yield made
    remove(made)


def sockets_of(address: str) -> Path:
    """The folder of a server's socket."""
    return Path(parse_qs(urlsplit(address).query)["host"][0])


def test_the_two_roles_have_just_the_rights_they_need(cluster: Cluster) -> None:
    with in_use(cluster) as addresses:
        with psycopg.connect(addresses.owner, autocommit=True) as owner:
            rights = owner.execute(
                "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
                " FROM pg_roles WHERE rolname LIKE 'registry%' ORDER BY 1"
            ).fetchall()
            for extension in ("btree_gist", "pg_trgm", "unaccent"):
                owner.execute(f"CREATE EXTENSION {extension}")
            owner.execute("CREATE DATABASE one_for_tests")
            memberships = owner.execute(
                "SELECT count(*) FROM pg_auth_members WHERE member::regrole::text LIKE 'registry%'"
            ).fetchone()
        with psycopg.connect(addresses.site, autocommit=True) as site:
            may = site.execute(
                "SELECT has_schema_privilege('public', 'CREATE'),"
                " has_database_privilege(current_database(), 'CREATE'),"
                " pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                site.execute("CREATE TABLE mine ()")

    assert rights == [
        ("registry_owner", False, True, False, False, False),
        ("registry_site", False, False, False, False, False),
    ]
    assert memberships == (0,)
    assert may == (False, False, "registry_owner")


def test_nobody_gets_in_without_a_password_or_as_the_superuser(cluster: Cluster) -> None:
    with in_use(cluster) as addresses:
        for user in ("registry_owner", "registry_site", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(
                    host=str(sockets_of(addresses.site)),
                    user=user,
                    dbname=DATABASE,
                    password="not this one",
                )


def test_it_listens_on_a_private_socket_only(cluster: Cluster) -> None:
    with in_use(cluster) as addresses, psycopg.connect(addresses.site) as site:
        folder = sockets_of(addresses.site)
        assert site.execute("SHOW listen_addresses").fetchone() == ("",)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for name in ("database-url", "database-owner-url"):
            assert stat.S_IMODE((cluster.publish_in / name).stat().st_mode) == 0o600


def test_the_last_to_leave_stops_it_and_nobody_before(cluster: Cluster) -> None:
    first = user_of(cluster)
    address = address_told_by(first)
    second = user_of(cluster)
    assert address_told_by(second) == address

    leave(first)
    with psycopg.connect(address) as owner:
        assert owner.execute("SELECT 1").fetchone() == (1,)

    leave(second)
    until(lambda: not living(cluster.folder), "nothing runs after the last user")
    assert not sockets_of(address).exists()
    assert not (cluster.publish_in / "database-url").exists()
    assert not (cluster.publish_in / "database-owner-url").exists()


def test_two_that_start_at_once_get_the_same_server(cluster: Cluster) -> None:
    users = [user_of(cluster), user_of(cluster)]
    addresses = {address_told_by(user) for user in users}
    for user in users:
        leave(user)

    assert len(addresses) == 1
    until(lambda: not living(cluster.folder), "nothing runs after the last user")


def test_it_ends_when_its_user_is_killed(cluster: Cluster) -> None:
    user = user_of(cluster)
    address_told_by(user)
    user.kill()
    user.communicate()

    until(lambda: not living(cluster.folder), "the server of a killed user ends")
    assert not (cluster.publish_in / "database-url").exists()


def test_killing_one_user_leaves_it_to_the_other(cluster: Cluster) -> None:
    starter = user_of(cluster)
    address = address_told_by(starter)
    other = user_of(cluster)
    address_told_by(other)
    starter.kill()
    starter.communicate()

    with psycopg.connect(address) as owner:
        assert owner.execute("SELECT 1").fetchone() == (1,)
    leave(other)
    until(lambda: not living(cluster.folder), "nothing runs after the last user")


@pytest.mark.parametrize("victims", [["supervisor"], ["server"], ["server", "supervisor"]])
def test_it_starts_again_with_its_data_after_a_kill(cluster: Cluster, victims: list[str]) -> None:
    user = user_of(cluster)
    address = address_told_by(user)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pids = {
        "supervisor": int((cluster.folder / "supervisor.pid").read_text()),
        "server": postmaster_of(cluster),
    }
    for victim in victims:
        os.kill(pids[victim], signal.SIGKILL)
    user.kill()
    user.communicate()

    with in_use(cluster) as addresses, psycopg.connect(addresses.owner) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert living(cluster.folder) == []


def postmaster_of(cluster: Cluster) -> int:
    """The process id of the server: the child of the supervisor."""
    supervisor = (cluster.folder / "supervisor.pid").read_text()
    (child,) = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return int(child)


def test_a_stale_pid_file_that_names_a_living_process_does_not_keep_it_down(
    cluster: Cluster,
) -> None:
    with in_use(cluster):
        pass
    stale = cluster.folder / "data" / "postmaster.pid"
    if not stale.parent.is_dir():
        pytest.skip("as `nobody` the data lie elsewhere")
    stale.write_text(f"{os.getppid()}\n{stale.parent}\n0\n5432\n\n\n")

    with in_use(cluster):
        assert is_running(cluster)


def test_an_unfinished_first_start_is_begun_anew(cluster: Cluster) -> None:
    rubbish = cluster.folder / "data.new"
    rubbish.mkdir(parents=True)
    (rubbish / "PG_VERSION").write_text("18\n")

    with in_use(cluster) as addresses, psycopg.connect(addresses.site) as site:
        assert site.execute("SELECT current_user").fetchone() == ("registry_site",)


def test_data_for_tests_are_thrown_away(tmp_path: Path) -> None:
    cluster = embedded(tmp_path / "postgres", tmp_path, throwaway=True)
    with in_use(cluster) as addresses, psycopg.connect(addresses.owner) as owner:
        assert owner.execute("SHOW fsync").fetchone() == ("off",)
    assert not (cluster.folder / "data").exists()
    assert living(cluster.folder) == []


def test_data_that_are_kept_are_not_thrown_away(cluster: Cluster, tmp_path: Path) -> None:
    with in_use(cluster) as addresses, psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE TABLE precious ()")

    with pytest.raises(PostgresError, match="kept"):
        in_use(embedded(tmp_path / "postgres", tmp_path, throwaway=True)).__enter__()

    with in_use(cluster) as addresses, psycopg.connect(addresses.owner) as owner:
        owner.execute("TABLE precious")


def test_a_path_longer_than_a_socket_may_have_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("a folder with a long name " * 4) / ("and another one below it " * 4)
    deep = embedded(folder, folder, throwaway=True)
    with in_use(deep) as addresses, psycopg.connect(addresses.site) as site:
        assert site.execute("SELECT 1").fetchone() == (1,)


def test_its_log_holds_no_values_of_failed_statements(cluster: Cluster) -> None:
    with in_use(cluster) as addresses:
        with psycopg.connect(addresses.owner, autocommit=True) as owner:
            owner.execute("CREATE TABLE numbers (number text PRIMARY KEY)")
            owner.execute("INSERT INTO numbers VALUES ('040 000 1234')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                owner.execute("INSERT INTO numbers VALUES ('040 000 1234')")
        log = (cluster.folder / "server.log").read_text()

    assert "duplicate key" in log
    assert "040 000 1234" not in log


def test_a_server_in_use_is_not_removed(cluster: Cluster) -> None:
    with in_use(cluster):
        with pytest.raises(PostgresError, match="in use"):
            remove(cluster)
        assert is_running(cluster)
    remove(cluster)
    assert not cluster.folder.exists()


def test_what_goes_wrong_at_the_start_is_told(cluster: Cluster, tmp_path: Path) -> None:
    binaries = tmp_path / "broken" / "bin"
    binaries.mkdir(parents=True)
    for program in ("initdb", "pg_isready", "postgres"):
        (binaries / program).write_text("#!/bin/sh\necho no room on the disk >&2\nexit 1\n")
        (binaries / program).chmod(0o755)
    broken = Cluster(cluster.folder, binaries, tmp_path)

    with pytest.raises(PostgresError, match="initdb failed:\nno room on the disk"), in_use(broken):
        pass
    assert living(cluster.folder) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_runs_it_as_nobody(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_NO_USERNS", "1")
    with in_use(cluster) as addresses, psycopg.connect(addresses.site) as site:
        assert site.execute("SELECT current_user").fetchone() == ("registry_site",)
        assert Path(f"/proc/{postmaster_of(cluster)}").stat().st_uid != 0
    remove(cluster)
