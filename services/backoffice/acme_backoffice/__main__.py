from acme_backoffice.app import create_from_environment
from acme_config.settings import ServerSettings
from acme_web.serve import serve

if __name__ == "__main__":
    serve(create_from_environment, port=ServerSettings().backoffice_port)
