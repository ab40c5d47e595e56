from acme_main.app import create_app
from acme_main.settings import MainSettings
from acme_web.serve import serve

if __name__ == "__main__":
    settings = MainSettings()
    serve(create_app(settings), port=settings.server.main_port)
