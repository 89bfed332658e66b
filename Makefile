# ML Watch. `make` lists what there is to do; `make html` and `make test` need nothing set up beforehand.
#
# PYTHON      the Python to make the environment with (3.11 or newer; found by itself)
# VENV        where the environment stands
# JOBS        processes for reading and writing pages: a number, or auto for one a core
# SPHINXOPTS  more options for sphinx-build, e.g. make html SPHINXOPTS=-v
# PYTESTOPTS  more options for pytest, e.g. make test PYTESTOPTS="-k digest"
# HOST, PORT  where `make live` serves

VENV       ?= .venv
JOBS       ?= auto
SPHINXOPTS ?=
PYTESTOPTS ?=
WORKERS    ?= 2
HOST       ?= 127.0.0.1
PORT       ?= 8000

# A PYTHON that was asked for is the only one tried.
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)

PY          := $(VENV)/bin/python
PIP         := $(PY) -m pip --disable-pip-version-check --no-input
BUILD_STAMP := $(VENV)/.stamp-build
DEV_STAMP   := $(VENV)/.stamp-dev

# An environment whose Python is gone (never made, or the Python it was made with was removed) is made anew.
$(shell [ -x $(PY) ] || rm -f $(BUILD_STAMP) $(DEV_STAMP))

# The date of the last commit stands wherever a builder would write the present time (EPUB, LaTeX, message catalogues),
# so that one commit gives the same bytes whenever it is built.
EPOCH  = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null))

# $(call sphinx,BUILDER,OPTIONS): each builder keeps doctrees of its own, so that one does not hide a change from another.
sphinx = $(if $(EPOCH),SOURCE_DATE_EPOCH=$(EPOCH) )$(PY) -m sphinx -b $(1) $(2) -j $(JOBS) -c . -d _build/doctrees/$(1) $(SPHINXOPTS) docs _build/$(1)
STRICT = -W --keep-going

# Folders under docs/ that the extension fills; pages that a person wrote may stand in them too.
GENERATED := bibliography digests topics keywords sources years starred papers reading-list trends

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help html live dirhtml epub latex text gettext linkcheck keep-links check test browser validator audit lint format \
        bench screenshot venv dev clean distclean

help:  ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- The site ---------------------------------------------------------------------------------------------------

html: $(BUILD_STAMP)  ## Build the site into _build/html
	$(call sphinx,html,$(STRICT))
	@echo "The site: _build/html/index.html"

# Pages that the extension writes set off one more round after a change; that round changes nothing, so it ends there.
live: $(DEV_STAMP)  ## Serve the site, building it again on every save (PORT=8000)
	$(PY) -m sphinx_autobuild -b html -j $(JOBS) -c . -d _build/doctrees/html --host $(HOST) --port $(PORT) \
	  --watch conf.py --watch refs.bib --watch _ext $(addprefix --watch ,$(wildcard linkcheck.json)) \
	  --ignore '*/.gitignore' --ignore '*/_build/*' \
	  --re-ignore '/__pycache__/' --re-ignore '(~|\.(swp|swx|tmp|pyc))$$' --re-ignore '/(\.#|#)[^/]*$$' \
	  $(SPHINXOPTS) docs _build/html

dirhtml: $(BUILD_STAMP)  ## Build the site with a folder a page into _build/dirhtml
	$(call sphinx,dirhtml,$(STRICT))

# The book is packed from all that lies in its folder, so pages that are gone must not lie there. Read pages are kept.
epub: $(BUILD_STAMP)  ## Build an e-book into _build/epub
	@rm -rf _build/epub
	$(call sphinx,epub,$(STRICT))

latex: $(BUILD_STAMP)  ## Write LaTeX sources into _build/latex (then: make -C _build/latex)
	$(call sphinx,latex,$(STRICT))

text: $(BUILD_STAMP)  ## Write plain text into _build/text
	$(call sphinx,text,$(STRICT))

gettext: $(BUILD_STAMP)  ## Write message catalogues for translators into _build/gettext
	$(call sphinx,gettext,$(STRICT))

# A moved address is a notice, not a failure: broken links, and servers that do not answer, end it non-zero.
linkcheck: $(BUILD_STAMP)  ## Try every link of every entry; fails on broken ones (report: _build/linkcheck)
	$(call sphinx,linkcheck,--keep-going)

# Sorted, so that two checks differ only where links do: Sphinx writes them as answers come in.
keep-links:  ## Keep the report of the last linkcheck as linkcheck.json, for the site to show (commit it)
	@[ -f _build/linkcheck/output.json ] || { echo "There is no report yet; run make linkcheck first." >&2; exit 1; }
	@LC_ALL=C sort _build/linkcheck/output.json > linkcheck.json.new && mv linkcheck.json.new linkcheck.json
	@echo "Kept: linkcheck.json"

check: $(BUILD_STAMP)  ## Check the entries and refs.bib, without building
	$(VENV)/bin/mlwatch check

# --- The code ---------------------------------------------------------------------------------------------------

test: $(DEV_STAMP) browser validator  ## Run all tests (sets up what they need)
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(PYTESTOPTS)

browser: $(DEV_STAMP)  ## Find a Chromium for the tests, or install one
	@PYTHON=$(PY) sh tests/browser.sh

validator:  ## Find the HTML checker for the tests, or install it
	@sh tests/validator.sh

# AUDITOPTS=--help says what else there is: --only, --runs, --slowdown, --save.
audit: $(DEV_STAMP) browser html  ## Look at the site with Lighthouse; fails on a score under 95 (needs npm)
	npm --prefix tests/audit install --no-package-lock --ignore-scripts --no-audit --no-fund
	$(PY) tests/audit/lighthouse.py $(AUDITOPTS)

lint: $(DEV_STAMP)  ## Lint, formatting, types
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

format: $(DEV_STAMP)  ## Format the code and mend what can be mended
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

# BENCHOPTS=--help says what else there is: --sizes 10000, --only, --peers PYTHON (see requirements-bench.txt), --guide ...
bench: $(BUILD_STAMP)  ## Time builds of the collection
	$(PY) benchmarks/bench.py $(BENCHOPTS)

screenshot: $(DEV_STAMP) browser html  ## Take the pictures of the site, README's among them
	$(PY) tests/screenshots.py

# --- The environment --------------------------------------------------------------------------------------------

venv: $(BUILD_STAMP)  ## Make the environment that a build needs (html and others do this themselves)

dev: $(DEV_STAMP)  ## Make the environment that tests need (test and others do this themselves)

$(PY):
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	      echo "$$python cannot make a virtual environment: its venv module is not installed (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
	      exit 1; \
	    fi; \
	    echo "Making $(VENV) with $$("$$python" --version) ..."; \
	    exec "$$python" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed. Tried: $(PYTHONS)." >&2; \
	for python in $(PYTHONS); do \
	  if command -v "$$python" >/dev/null 2>&1; then echo "  $$python is $$("$$python" --version 2>&1)" >&2; fi; \
	done; \
	echo "Install one and name it: make html PYTHON=/path/to/python3.12" >&2; \
	exit 1

$(BUILD_STAMP): requirements.txt pyproject.toml | $(PY)
	@echo "Installing what a build needs ..."
	@$(PIP) install --quiet -r requirements.txt
	@$(PIP) install --quiet --no-deps -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(BUILD_STAMP)
	@echo "Installing what tests need ..."
	@$(PIP) install --quiet -r requirements-dev.txt
	@touch $@

# git removes only what it ignores there, which is what the extension wrote: a hand-written page stays.
clean:  ## Remove what was built (the environment stays)
	rm -rf _build .mypy_cache .ruff_cache .hypothesis
	find _ext tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	git clean -fdXq -- $(addprefix docs/,$(GENERATED)) 2>/dev/null || true

distclean: clean  ## Remove what was built, and the environment
	rm -rf $(VENV)
