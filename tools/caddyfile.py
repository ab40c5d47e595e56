"""Writes deploy/web/Caddyfile from what the platform's own server of the web apps sends; `--check` compares.

Headers, types and the apps' configuration are read from `acme_standalone.web`, with made-up addresses in the
places of those that a container is told by its environment.
"""

import json
import sys
from pathlib import Path

from acme_config.settings import AddressSettings
from acme_standalone.web.__main__ import DEFAULT_PORTS
from acme_standalone.web.configuration import configuration
from acme_standalone.web.files import ASK_AGAIN, FINGERPRINTED, FOR_EVER, KNOWN_TYPES
from acme_standalone.web.policy import security_headers
from acme_standalone.web.settings import Addresses, WebApp

FILE = Path(__file__).resolve().parent.parent / "deploy" / "web" / "Caddyfile"

OWN, MEDIA, STORE = "https://own.invalid", "https://media.invalid", "https://store.invalid"
IN_HEADERS = {
    f" {OWN}": " {acme_own_origin}",
    f" {MEDIA}": "{vars.acme_media_source}",
    f" {STORE}": "{acme_store_source}",
}
IN_CONFIGURATION = {OWN: "{acme_own_api}", MEDIA: "{acme_media_api}"}

HEAD = """\
# Written by `make deploy-files` from the server that `acme up` runs: change that, not this.
# Told by the environment: BACKOFFICE_API_URL, MAIN_API_URL, MEDIA_API_URL, S3_ENDPOINT_URL.
{
	admin off
	auto_https off
	persist_config off
}
"""
SITE = r"""
:{$@APP@_WEB_PORT:@PORT@} {
	root * {$WEB_ROOT:/srv}/@app@
	route {
		# An address without its last slashes, and its origin: scheme, host and port, without user and path.
		map "{$@OWN@}" {acme_own_api} {acme_own_origin} {
			"~^((https?://)(?:[^/@]*@)?([^/?#]+).*?)/*$" "${1}" "${2}${3}"
		}
		map "{$@MEDIA@}" {acme_media_api} {acme_media_origin} {
			"~^((https?://)(?:[^/@]*@)?([^/?#]+).*?)/*$" "${1}" "${2}${3}"
		}
		map "{$S3_ENDPOINT_URL}" {acme_store_source} {
			"~^(https?://)(?:[^/@]*@)?([^/?#]+)" " ${1}${2}"
			default ""
		}
		# One address for two APIs is named once.
		@apart expression `{acme_own_origin} != {acme_media_origin}`
		vars acme_media_source ""
		vars @apart acme_media_source " {acme_media_origin}"

@HEADERS@
		header Cache-Control no-store
		header -Server

		@told path /config.json /-/health
		header @told Content-Type application/json
		respond /config.json `@CONFIGURATION@`
		respond /-/health `{"status":"ok"}`
		@hidden path_regexp /\.
		error @hidden 404
		# Every address without a file extension is a page, and the app's own router draws it.
		@page {
			not path_regexp [^/]\.[^/.]+/*$
			not path /@FINGERPRINTED@ /@FINGERPRINTED@/* /- /-/*
		}
		rewrite @page /index.html
		@fingerprinted path /@FINGERPRINTED@/*
		header Cache-Control "@ASK_AGAIN@"
		header @fingerprinted Cache-Control "@FOR_EVER@"
@TYPES@
		file_server {
			precompressed br gzip
			disable_canonical_uris
		}
	}
	handle_errors {
@HEADERS@
		header Cache-Control no-store
		header -Server
		header Content-Type "text/plain; charset=utf-8"
		respond "{err.status_text}"
	}
}
"""


def text() -> str:
    return HEAD + "".join(_site(app) for app in (WebApp.BACKOFFICE, WebApp.MAIN))


def _site(app: WebApp) -> str:
    addresses = Addresses(OWN, MEDIA, STORE)
    known = json.dumps(configuration(app, addresses), separators=(",", ":"))
    values = {
        "APP": app.upper(),
        "app": app.value,
        "PORT": str(DEFAULT_PORTS[app]),
        "OWN": _variable(f"{app}_api_url"),
        "MEDIA": _variable("media_api_url"),
        "CONFIGURATION": _replaced(known, IN_CONFIGURATION),
        "HEADERS": "\n".join(
            _header(name, value) for name, value in security_headers(app, addresses).items()
        ),
        "TYPES": "\n".join(
            f"			@type{suffix.removeprefix('.')} path *{suffix}\n"
            f'		header @type{suffix.removeprefix(".")} Content-Type "{kind}"'
            for suffix, kind in KNOWN_TYPES.items()
            if not kind.startswith("text/")  # of those Caddy says the same, with their charset
        ),
        "FINGERPRINTED": FINGERPRINTED,
        "FOR_EVER": FOR_EVER,
        "ASK_AGAIN": ASK_AGAIN,
    }
    return _replaced(SITE, {f"@{name}@": value for name, value in values.items()})


def _variable(name: str) -> str:
    """With the settings' own default: NAME:default."""
    field = AddressSettings.model_fields[name]
    return f"{field.validation_alias}:{field.default}"


def _header(name: str, value: str) -> str:
    return f'		header {name} "{_replaced(value, IN_HEADERS)}"'


def _replaced(text: str, names: dict[str, str]) -> str:
    for made_up, placeholder in names.items():
        text = text.replace(made_up, placeholder)
    return text


def main() -> int:
    is_current = FILE.is_file() and FILE.read_text() == text()
    if sys.argv[1:] == ["--check"]:
        if not is_current:
            print("Out of date: deploy/web/Caddyfile. Run `make deploy-files`.")
        return int(not is_current)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
