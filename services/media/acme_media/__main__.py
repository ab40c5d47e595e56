from acme_config.settings import ServerSettings
from acme_media.app import create_from_environment
from acme_web.serve import serve

if __name__ == "__main__":
    serve(create_from_environment, port=ServerSettings().media_port)
