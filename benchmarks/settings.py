"""The register's settings with one more page: the empty one that others are measured against."""

from praecom_registry.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
