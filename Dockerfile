# The command line and the studio, without root:
#
#   docker build -t steadyhue .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" steadyhue quantize in.gif -o out.gif
#   docker run --rm --network host steadyhue studio --no-browser
#
# The studio answers this machine only, so it needs the host's network (Linux).
FROM python:3.13-slim-bookworm AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends g++ \
 && rm -rf /var/lib/apt/lists/*
COPY . /source
RUN pip wheel --no-cache-dir --wheel-dir /wheels '/source[video,studio]'

FROM python:3.13-slim-bookworm
RUN --mount=from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'steadyhue[video,studio]'
RUN useradd --create-home steadyhue
USER steadyhue
ENV HOME=/tmp
WORKDIR /work
ENTRYPOINT ["steadyhue"]
CMD ["--help"]
