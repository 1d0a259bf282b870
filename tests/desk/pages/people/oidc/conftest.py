"""A desk with a real provider of OpenID Connect on loopback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.app import create_app
from ledger.settings import Oidc
from tests.desk.pages.provider import CLIENT, SECRET, Provider
from tests.desk.visitors import HERE, Browser


@pytest.fixture
def provider(clock):
    with Provider(clock) as running:
        yield running


@pytest.fixture
def desk(app, provider, clock):
    """The desk of `app`, told of the provider."""
    known = Oidc(provider.issuer, CLIENT, SECRET, "preferred_username")
    settings = replace(app.state.desk.settings, base_url=HERE, oidc=known)
    made = create_app(settings, clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def browser(desk):
    return Browser(desk)
