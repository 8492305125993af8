# Three stages: the first has Node.js, the second pip and the build back end, the third only what runs.
FROM python:3.13-slim AS browser
WORKDIR /app
COPY requirements/node.txt requirements/node.txt
COPY tools/build-browser-code tools/build-browser-code
COPY bot/web/vendor bot/web/vendor
RUN PYTHON=python tools/build-browser-code

FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements/run.txt requirements/run.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY bot bot
COPY --from=browser /app/bot/web/static/vendor bot/web/static/vendor
COPY handlers handlers
COPY content content
COPY storage storage
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data caunoi \
 && mkdir /data && chown caunoi /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    CAUNOI_DATA_DIR=/data \
    CAUNOI_WEB_HOST=0.0.0.0
USER caunoi
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["caunoi"]
CMD ["run"]
