#!/bin/sh
# Finds the Nu Html Checker (vnu) that the tests look at pages with, or installs it, and the Java that it runs on.
# Where that cannot be, the tests that need it are skipped; in CI it is an error.
#
#   tests/validator.sh
set -eu

cd "$(dirname "$0")/audit"
jar=node_modules/vnu-jar/build/dist/vnu.jar

# The version that package.json pins is there.
has_jar() {
    pinned=$(sed -n 's/.*"vnu-jar": "\([0-9.]*\)".*/\1/p' package.json)
    [ -f "$jar" ] && grep -q "\"version\": \"$pinned\"" node_modules/vnu-jar/package.json
}

# macOS has a program of that name that only says that there is none.
has_java() {
    java -version >/dev/null 2>&1
}

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    packages=
    has_java || packages="default-jre-headless"
    has_jar || command -v npm >/dev/null || packages="$packages npm"
    if [ -n "$packages" ]; then
        echo "Installing: $packages ..." >&2
        # shellcheck disable=SC2086  # a list of names
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages; } \
            </dev/null >&2 || echo "apt-get failed." >&2
    fi
fi

# Without Lighthouse, which `make audit` adds.
if ! has_jar && command -v npm >/dev/null; then
    echo "Installing the Nu Html Checker ..." >&2
    npm install --omit=dev --no-package-lock --ignore-scripts --no-audit --no-fund </dev/null >&2 || echo "npm failed." >&2
fi

if has_java && has_jar; then
    echo "HTML checker: $PWD/$jar"
    exit 0
fi
cat >&2 <<'END'
The HTML checker was not found and could not be installed, so the tests with it are skipped. It needs Java 11 or newer, and npm once:
  Debian:        apt-get install default-jre-headless npm
  Fedora:        dnf install java-latest-openjdk-headless nodejs-npm
  macOS:         brew install openjdk node
END
[ "${CI:-}" != true ]
