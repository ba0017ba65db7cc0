"""Where faces are shown: a notebook, executed once, in JupyterLab, as a page of nbconvert and as a page of Sphinx."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: How long to wait for whatever is slow, in seconds.
PATIENCE = 180
_PROBE = "<script>window.probe = 1</script><p>probe</p>"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def chromium() -> str | None:
    """Give the path of a Chromium on this machine: that of CHROMIUM, if it is set, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in (*((named,) if named else _NAMES), *_PLACES))
    return next(filter(None, found), None)


class Workshop:
    """A folder with everything that Jupyter writes, so that nothing of the user's is read or changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))},
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        }
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir()

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of this Python to its end."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{module} {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def write(self, name: str, cells: list[str], **metadata: Any) -> Path:
        """Write a notebook that has not been run: a title, a probe, and cells of code."""
        probe = f"from IPython.display import HTML\nfrom tests.browser.cases import shown\nHTML({_PROBE!r})"
        data = {
            "cells": [
                {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Faces"},
                *(_code(f"code-{place}", source) for place, source in enumerate([probe, *cells])),
            ],
            "metadata": {"language_info": {"name": "python"}, **metadata},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = self.notebooks / f"{name}.ipynb"
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    def execute(self, *paths: Path) -> None:
        """Run notebooks, and keep what they show in them."""
        self.run("nbconvert", "--to=notebook", "--execute", "--inplace", *map(str, paths))

    def copy(self, path: Path, name: str) -> Path:
        """Give an executed notebook another name, and make it another notebook: trust goes by what is in it."""
        data = json.loads(path.read_text(encoding="utf-8"))
        data["metadata"] = {"language_info": {"name": "python"}, "copy": name}
        copied = self.notebooks / f"{name}.ipynb"
        copied.write_text(json.dumps(data), encoding="utf-8")
        return copied

    def convert(self, theme: str, *paths: Path) -> Path:
        """Write notebooks as pages of HTML, once, and give their folder."""
        folder = self.folder / f"converted-{theme}"
        if not folder.exists():
            options = (f"--HTMLExporter.theme={theme}", f"--output-dir={folder}")
            self.run("nbconvert", "--to=html", *options, *map(str, paths))
        return folder

    def document(self, *paths: Path) -> Path:
        """Build documentation of notebooks by Sphinx, in which a warning is an error, and give the folder of pages."""
        source, built = self.folder / "source", self.folder / "built"
        source.mkdir()
        for path in paths:
            shutil.copy(path, source)
        names = "\n".join(path.stem for path in paths)
        (source / "index.md").write_text(f"# Faces\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8")
        (source / "conf.py").write_text(
            'project = "faces"\nextensions = ["myst_nb"]\nnb_execution_mode = "off"\nhtml_theme = "furo"\n',
            encoding="utf-8",
        )
        self.run("sphinx", "-q", "-W", "--keep-going", "-b", "html", str(source), str(built))
        return built

    def set_up_lab(self) -> None:
        """Have JupyterLab follow the screen's scheme, show all cells at once, and ask nobody for news."""
        settings = {
            "apputils-extension/themes": {"adaptive-theme": True},
            "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
            "notebook-extension/tracker": {"windowingMode": "none"},
        }
        for name, values in settings.items():
            path = self.folder / "config/lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")

    @contextlib.contextmanager
    def lab(self) -> Iterator[str]:
        """Run JupyterLab on a free port, without any kernel, and give the address of a notebook, to be completed."""
        self.set_up_lab()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        token = secrets.token_hex(16)
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "ServerApp.root_dir": self.notebooks,
            "IdentityProvider.token": token,
            "KernelSpecManager.ensure_native_kernel": False,
            "KernelSpecManager.allowed_kernelspecs": "none",
            "LabApp.extension_manager": "readonly",
            "LabApp.news_url": None,
        }
        command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
        log = self.folder / "lab.log"
        with log.open("w") as lines:
            server = subprocess.Popen(
                command, env=self.environment, cwd=self.notebooks, stdout=lines, stderr=subprocess.STDOUT
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
            yield f"http://127.0.0.1:{port}/lab/tree/{{name}}.ipynb?reset&token={token}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _code(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, f"JupyterLab ended by itself:\n{log.read_text()}"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"JupyterLab did not answer in {PATIENCE} seconds:\n{log.read_text()}")
