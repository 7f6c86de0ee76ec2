"""A server of the standard library in a thread of its own, from the begin of a ``with`` statement to its end."""

import threading

_PROMPT = 0.01  # seconds between two looks whether it is to end


class Listening:
    """Whoever inherits has a ``_server``."""

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(_PROMPT,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
