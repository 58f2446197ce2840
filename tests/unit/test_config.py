"""Settings: from a file, the environment and the command line, and clear words when wrong."""

import dataclasses

import pytest

from chatserver.config import BadSettings, Settings, load_settings


def test_without_anything_the_defaults_hold():
    assert load_settings({}) == Settings()


def test_the_environment_is_read_into_the_type_of_the_default():
    settings = load_settings(
        {"CHATSERVER_PORT": "9000", "CHATSERVER_VISITOR_RATE": "2.5", "CHATSERVER_HOST": "::1"}
    )
    assert (settings.port, settings.visitor_rate, settings.host) == (9000, 2.5, "::1")


def test_the_command_line_beats_the_environment_and_that_beats_the_file(tmp_path):
    file = tmp_path / "chat.toml"
    file.write_text('port = 1\nhost = "a"\ntext_chars = 100\n')
    environ = {"CHATSERVER_CONFIG": str(file), "CHATSERVER_PORT": "2", "CHATSERVER_HOST": "b"}
    settings = load_settings(environ, port=3, host=None)
    assert (settings.port, settings.host, settings.text_chars) == (3, "b", 100)


def test_a_named_file_beats_the_one_of_the_environment(tmp_path):
    for name, port in (("a", 1), ("b", 2)):
        (tmp_path / name).write_text(f"port = {port}\n")
    environ = {"CHATSERVER_CONFIG": str(tmp_path / "a")}
    assert load_settings(environ, file=str(tmp_path / "b")).port == 2


# What several nodes must have in common.
SHARED = {
    "CHATSERVER_REDIS_URL": "redis://:secret@localhost",
    "CHATSERVER_DATABASE_URL": "postgresql://chat@localhost/chat",
    "CHATSERVER_SECRET_KEY": "k" * 40,
}


def test_several_nodes_share_what_they_must_and_print_no_password():
    settings = load_settings(SHARED)
    assert settings.redis_prefix == "chatserver"
    assert "secret@" not in repr(settings)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"CHATSERVER_PROT": "1"}, "no setting 'prot'"),
        ({"CHATSERVER_PORT": "many"}, "CHATSERVER_PORT"),
        ({"CHATSERVER_PORT": "-1"}, "must not be negative"),
        ({"CHATSERVER_SECRET_KEY": "short"}, "32 characters"),
        ({"CHATSERVER_PUBLIC_URL": "chat.example"}, "CHATSERVER_PUBLIC_URL"),
        ({"CHATSERVER_PUBLIC_URL": "https://chat.example/path"}, "CHATSERVER_PUBLIC_URL"),
        ({"CHATSERVER_CONFIG": "/nowhere/chat.toml"}, "cannot read"),
        (SHARED | {"CHATSERVER_REDIS_URL": "localhost"}, "must begin with redis://"),
        (SHARED | {"CHATSERVER_DATABASE_URL": ""}, "one CHATSERVER_DATABASE_URL"),
        (SHARED | {"CHATSERVER_SECRET_KEY": ""}, "one CHATSERVER_SECRET_KEY"),
        (SHARED | {"CHATSERVER_REDIS_PREFIX": "my chats"}, "CHATSERVER_REDIS_PREFIX"),
    ],
)
def test_a_wrong_setting_is_named(environ, words):
    with pytest.raises(BadSettings, match=words):
        load_settings(environ)


def test_a_file_that_is_no_toml_is_named(tmp_path):
    file = tmp_path / "chat.toml"
    file.write_text("port: 1")
    with pytest.raises(BadSettings, match=r"chat\.toml"):
        load_settings({}, file=str(file))


@pytest.mark.parametrize("name", ["CHATSERVER_FRONTEND", "CHATSERVER_TEST_POSTGRES_URL", "PATH"])
def test_variables_of_others_and_of_the_build_are_left_alone(name):
    assert load_settings({name: "x"}) == Settings()


def test_origins_fall_back_to_each_other():
    alone = Settings(host="127.0.0.1", port=8000)
    assert alone.public_origin == alone.widget_origin == alone.console_origin
    split = Settings(public_url="https://a.example/", console_url="https://b.example")
    assert (split.widget_origin, split.console_origin) == ("https://a.example", "https://b.example")
    assert split.is_https
    assert not alone.is_https


def test_the_database_is_a_file_in_the_data_folder_unless_said_otherwise(tmp_path):
    assert Settings(data_dir=str(tmp_path)).database == f"sqlite:///{tmp_path / 'chat.db'}"
    assert Settings(database_url="postgresql://h/d").database == "postgresql://h/d"


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_explained(field):
    assert field.metadata["doc"].endswith(".")
    assert isinstance(field.default, str | int | float)
