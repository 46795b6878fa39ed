"""A notebook, run from top to bottom as Jupyter runs it: by nbclient, in a kernel of its own."""

import contextlib
import functools
import http.server
import threading
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def notebook(request):
    with served(request["public"]) as site:
        # As a page of the site does when a reader downloads the notebook.
        text = Path(request["path"]).read_text().replace(request["addressToCome"], site)
        return run(nbformat.reads(text, as_version=4), request["folder"])


def run(read, folder):
    nbformat.validate(read)
    client = NotebookClient(
        read, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return {"error": str(error)}
    return {"cells": {cell.id: shown(cell) for cell in read.cells if cell.cell_type == "code"}}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a web server over a folder, with a slash at its end."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def shown(cell):
    """What stands below a cell: what it printed, and its last value as text."""
    printed = [output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout"]
    values = [output.data["text/plain"] for output in cell.outputs if output.output_type == "execute_result"]
    return {"printed": "".join(printed), "value": values[-1] if values else None}
