"""How a scene went, on a line."""

import time
import traceback

from vm import Failed


def tell(what: str, scene) -> bool:
    """Plays a scene and says how it went."""
    began = time.monotonic()
    try:
        how = scene()
        print(f"ok     {what} {how and f'({how}) '}{since(began)}", flush=True)
        return True
    except Failed as failed:
        print(f"WRONG  {what} {failed} {since(began)}", flush=True)
    except Exception:
        print(f"WRONG  {what}\n{traceback.format_exc()}", flush=True)
    return False


def since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"
