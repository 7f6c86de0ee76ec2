"""Whatever programs send, they are answered as the document says: no 5xx, no status or shape that is not in it (A6)."""

import pytest

from cli import bootstrap
from cli.webhooks import HouseWebhooks
from tests.support.fuzzed import DOORS, Fuzzed
from tests.support.site import Site
from web.frame.operator import Operator

pytestmark = pytest.mark.rights


def house(folder):
    settings = bootstrap.settings_of({"DATA_DIR": str(folder)})
    operator = Operator(hooks=lambda: DOORS, webhooks=HouseWebhooks(settings))
    return Fuzzed(Site(data_dir=folder, operator=operator))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    made = house(tmp_path_factory.mktemp("data"))
    yield made
    made.site.close()


@pytest.mark.parametrize(("name", "examples"), [("amara", 5), ("henrik", 12)])
def test_nothing_that_is_sent_breaks_the_word_of_the_document(fuzzed, name, examples):
    assert fuzzed.failures(name, examples=examples) == []
