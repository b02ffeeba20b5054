"""The web half of the composition root: a service at work becomes a web application, and an origin mounts them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.routing import Rule

from shared.assembly import accounts, clock, installed, runtime, services
from shared.clock import Clock
from shared.contracts.generate import examples_of
from shared.execute import Runtime
from shared.identity.roles import DEMO_ACCOUNTS
from shared.service import Service
from shared.settings import Settings
from shared.web import api_docs, assets, headers, problems
from shared.web.access import Door, form_token_of, reader
from shared.web.api import api, routes
from shared.web.audit import refused
from shared.web.body import MOST_BYTES
from shared.web.composing import Composer
from shared.web.docs import documents
from shared.web.drawing import share_templates
from shared.web.feed import feed_blueprint
from shared.web.front import Front, front
from shared.web.front_identity_account import identity_pages
from shared.web.languages import speak
from shared.web.menu import SERVICES, drawing
from shared.web.pages import pages
from shared.web.request_log import log_requests
from shared.web.site import Site
from shared.web.texts import Texts, texts_of
from shared.web.trying import demo_words, trying


def build(service: Service, settings: Settings, working: Runtime | None = None) -> Flask:
    """The web application of one service (`working`: already at work), with every route under `/<service>`."""
    site = Site(
        working or runtime(service, settings),
        settings,
        accounts(settings),
        texts_of(service, settings.zone, installed().values()),
        examples_of(service),
    )
    app = _flask(site, site.texts, service.name, site.runtime.clock)
    app.extensions["pkp"] = site
    prefix = f"/{service.name}"
    served = routes(site)
    app.register_blueprint(api(site, served))
    openapi = partial(api_docs.document, app, service.name, served)
    app.extensions["openapi"] = openapi
    app.register_blueprint(documents(service, openapi), url_prefix=prefix)
    app.register_blueprint(pages(site))
    app.register_blueprint(feed_blueprint(site), url_prefix=prefix)
    if service.blueprint is not None:
        app.register_blueprint(service.blueprint, url_prefix=prefix)
    return app


class LateRule(Rule):
    """A route whose code for writing its address is made when it is first written: for hundreds of routes that takes most of
    the time in which an application starts, and few of them are ever linked to by a process."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(super(LateRule, self)._compile_builder(append_unknown))
            return made[0](rule, **values)

        return build


class Application(Flask):
    """Flask, but that no view is asked at each request whether it is a coroutine: all of ours are ordinary functions."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def _flask(door: Door, texts: Texts, name: str, clock: Clock) -> Flask:
    """An application with what all have in common: assets of this origin, headers, logs, errors, the limit of a body."""
    app, settings = Application("shared.web", static_url_path="/static"), door.settings
    # One byte more than allowed is read: a body of unknown length is cut at this limit without a word.
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, MAX_CONTENT_LENGTH=MOST_BYTES + 1)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    share_templates(app)
    Bootstrap5(app)
    assets.serve(app)
    log_requests(app, name)
    headers.secure(app, settings.public_url)
    problems.register(app, texts, settings.public_url, lambda error: _audit(app, error))
    speak(app)
    running = list(services(settings)) if settings.embedded else SERVICES
    app.jinja_env.globals.update(province=settings.province_name, demo=settings.demo, texts=texts, service=None)
    app.jinja_env.globals.update(menu=drawing(running), menu_services=running)
    app.jinja_env.globals["with_provider"] = bool(settings.oidc_issuer)
    app.jinja_env.globals["demo_accounts"] = DEMO_ACCOUNTS if settings.demo else {}
    app.jinja_env.globals["csrf_token"] = partial(form_token_of, door)
    app.context_processor(lambda: {"actor": reader(door)})
    if settings.demo:
        demo_words(app, clock)
    return app


def _audit(app: Flask, error: Any) -> None:
    """Refusals of a service stand in its audit trail; the front page holds no data of its own."""
    if "pkp" in app.extensions:
        refused(app.extensions["pkp"], error)


@dataclass(frozen=True)
class Origin:
    """All services of a process under one address: a WSGI application."""

    apps: Mapping[str, Flask]
    first_page: Flask
    door: Front
    clock: Clock

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The service that the path names answers, the front what belongs to none."""
        first = environ.get("PATH_INFO", "").partition("/")[2].partition("/")[0]
        return self.apps.get(first, self.first_page)(environ, start_response)

    def close(self) -> None:
        """Close every connection of this process to the databases behind it."""
        for app in self.apps.values():
            app.extensions["pkp"].close()
        self.door.accounts.close()
        self.clock.close()


def origin(settings: Settings, working: Mapping[str, Runtime] | None = None) -> Origin:
    """All services of this process on one origin, each under its name, and the front page at `/`."""
    running = working or {}
    apps = {name: build(service, settings, running.get(name)) for name, service in services(settings).items()}
    door, time = Front(settings, accounts(settings)), clock(settings)
    first_page = _flask(door, texts_of(None, settings.zone, installed().values()), "front", time)
    identity_pages(first_page, door, texts_of(None, settings.zone))
    composer = Composer(apps)
    first_page.register_blueprint(front(door, composer, [app.extensions["pkp"].texts for app in apps.values()]))
    if settings.demo:
        first_page.register_blueprint(trying(door, composer, settings, time))

    return Origin(apps, first_page, door, time)
