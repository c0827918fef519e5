"""`python -m tests.api.renew_openapi` writes the committed copy of the OpenAPI document."""

import json
import os
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    import django

    django.setup()
    from django.test import Client

    document = Client().get("/api/v1/openapi.json", headers={"host": "localhost"}).json()
    path = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
