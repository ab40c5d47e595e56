from acme_config.settings import ServerSettings
from acme_main.app import create_from_environment
from acme_web.serve import serve

if __name__ == "__main__":
    serve(create_from_environment, port=ServerSettings().main_port)
