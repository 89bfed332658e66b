#!/bin/sh
# Finds the Chromium that the browser tests drive, or installs one. Prints where it is.
#
#   tests/browser.sh
#
# PYTHON (python3): the Python whose playwright downloads a browser when nothing else does.
set -eu

PYTHON=${PYTHON:-python3}

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then
            return 0
        fi
    done
    for path in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
                "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if [ -x "$path" ]; then
            echo "$path"
            return 0
        fi
    done
    # What playwright installed for itself.
    "$PYTHON" - 2>/dev/null <<'PYTHON_END'
import os
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
    if not os.access(path, os.X_OK):
        sys.exit(1)
    print(path)
PYTHON_END
}

has_chinese_font() {
    ! command -v fc-list >/dev/null || [ -n "$(fc-list :lang=zh family | head -n 1)" ]
}

can_apt() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

if can_apt; then
    packages=
    find_browser >/dev/null || packages="chromium"
    # Titles in Chinese are drawn as empty boxes without it.
    if [ -n "$packages" ] || ! has_chinese_font; then
        packages="$packages fonts-noto-cjk"
    fi
    if [ -n "$packages" ]; then
        echo "Installing: $packages ..." >&2
        # Sent to stderr, so that stdout holds the answer alone. A failure shows below: no browser is found.
        # shellcheck disable=SC2086  # a list of names
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages; } \
            </dev/null >&2 || echo "apt-get failed." >&2
    fi
elif ! find_browser >/dev/null; then
    echo "Installing Playwright's Chromium ..." >&2
    "$PYTHON" -m playwright install chromium </dev/null >&2 || true
fi

if ! browser=$(find_browser); then
    cat >&2 <<'END'
No browser for the tests was found, and none could be installed. Install Chromium or Google Chrome:
  Debian:        apt-get install chromium fonts-noto-cjk
  Fedora:        dnf install chromium google-noto-sans-cjk-fonts
  macOS:         brew install --cask chromium
  anywhere:      python -m playwright install chromium
END
    exit 1
fi

has_chinese_font || echo "No Chinese font was found: Chinese titles will be drawn as boxes." >&2
echo "Browser: $browser"
