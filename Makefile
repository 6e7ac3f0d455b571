# Slopecast: `make help` lists the targets; each calls `setup` itself.
SHELL := /bin/bash
SYSTEM_PYTHON ?= /usr/bin/python3
# A fixed version: newer ones install alike, but this is the one that the tests run on.
TORCH ?= torch==2.13.0
VENV := .venv
PYTHON := $(VENV)/bin/python
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o Dpkg::Use-Pty=0
export QT_QPA_PLATFORM ?= offscreen

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench fidelity pictures validate landlab weights install clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready  ## install QGIS (apt) where it is missing, and .venv with torch

$(VENV)/.ready: requirements.txt requirements-dev.txt
	@if ! { $(SYSTEM_PYTHON) -c 'import qgis.core, osgeo.gdal, venv, ensurepip' 2>/dev/null && command -v Xvfb >/dev/null; }; then \
	  echo "Installing QGIS and a virtual screen for the tests with apt ..."; \
	  $(APT) update && $(APT) install qgis python3-qgis qgis-providers python3-gdal python3-venv xvfb >$(or $(TMPDIR),/tmp)/slopecast-apt.log 2>&1 \
	    || { tail -20 $(or $(TMPDIR),/tmp)/slopecast-apt.log; exit 1; }; \
	fi
	@echo "Preparing $(VENV) ..."
	@$(SYSTEM_PYTHON) -m venv --system-site-packages $(VENV)
	@$(PYTHON) -c 'import torch' 2>/dev/null || $(VENV)/bin/pip install -q --disable-pip-version-check '$(TORCH)'
	@$(VENV)/bin/pip install -q --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@mkdir -p $(VENV)/plugins && ln -sfn "$(CURDIR)" $(VENV)/plugins/slopecast
	@touch $@

demo: setup  ## the main job on a real mountain, compared with the physics, as a map
	@$(PYTHON) tests/commands/demo.py

test: setup  ## all tests: unit, QGIS, qgis_process and desktop
	@$(PYTHON) -m pytest tests

lint: setup  ## ruff, and the import rules of the house
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(PYTHON) -m pytest -q tests/unit/test_architecture.py tests/unit/test_metadata.py

bench: setup  ## seconds and memory of the engine, the column and the network
	@$(PYTHON) tests/commands/bench.py

fidelity: setup  ## the shipped network against the engine on a real mountain, beside the column
	@$(PYTHON) tests/commands/fidelity.py

pictures: setup  ## the pictures of README, taken from the product
	@$(PYTHON) tests/commands/pictures.py

validate: setup  ## the physics against closed forms and other programs: docs/validation.html
	@$(PYTHON) tests/commands/validate.py

landlab:  ## Landlab in build/landlab, for one comparison of 'make validate'
	@$(SYSTEM_PYTHON) -m venv build/landlab && build/landlab/bin/pip install -q --disable-pip-version-check 'landlab<2.11'

weights: setup  ## rebuild the shipped weights from nothing (hours; resumes where it stopped)
	@$(PYTHON) tests/commands/weights.py

install:  ## link the plugin into the user's QGIS profile
	@folder="$${XDG_DATA_HOME:-$$HOME/.local/share}/QGIS/QGIS3/profiles/default/python/plugins"; \
	mkdir -p "$$folder" && ln -sfn "$(CURDIR)" "$$folder/slopecast" && echo "Linked: $$folder/slopecast"

clean:  ## remove what the other targets made
	@rm -rf $(VENV) demo dist build .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
