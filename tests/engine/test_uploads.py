"""Where uploads wait: only an id that the house gave leads to a file."""

from datetime import UTC, datetime

import pytest

from engine.uploading.folder import UploadGone, Uploads


@pytest.mark.parametrize("given", ["../secret", "..", "", "/etc", "{id}/../../secret", "{id}\n"])
def test_no_other_folder_is_reached_by_an_id_that_is_none(tmp_path, given):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "file").write_text("kept")
    uploads = Uploads(tmp_path)
    upload_id = uploads.add(b"a register", datetime(2026, 1, 5, tzinfo=UTC))
    with pytest.raises(UploadGone):
        uploads.file(given.format(id=upload_id))
    with pytest.raises(UploadGone):
        uploads.drop(given.format(id=upload_id))
    assert (secret / "file").read_text() == "kept"
    assert uploads.file(upload_id).read_bytes() == b"a register"
