# Images of the official ones' names and interface, and the tools to make them. Sourced by `run`; uses here, cache, work.
KAFKA=4.3.1 KEYCLOAK=26.7.3 COMPOSE=v2.40.3
DEPENDENCIES=org.apache.maven.plugins:maven-dependency-plugin:3.6.1

install_packages() {
    local missing=()
    command -v dockerd >/dev/null || missing+=(docker.io tini)
    command -v debootstrap >/dev/null || missing+=(debootstrap)
    command -v iptables >/dev/null || missing+=(iptables)
    command -v java >/dev/null || missing+=(default-jre-headless)
    command -v mvn >/dev/null || missing+=(maven)
    ((${#missing[@]})) || return 0
    echo "installing ${missing[*]} ..."
    apt-get update -q >"$cache/apt.log" 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >>"$cache/apt.log" 2>&1
}

compose_plugin() { # compose_plugin FILE: built from the Go proxy once, checked by go.sum
    [[ -x $1 ]] && "$1" version 2>/dev/null | grep -q "$COMPOSE" && return
    echo "building Docker Compose $COMPOSE (some minutes, once) ..."
    command -v go >/dev/null || { echo "Go 1.24.9 or newer is needed to build Docker Compose" >&2; return 1; }
    mkdir -p "$(dirname "$1")"
    (cd "$here/compose" && GOFLAGS=-mod=readonly go build -trimpath -o "$1.new" \
        -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$COMPOSE" github.com/docker/compose/v2/cmd)
    mv "$1.new" "$1"
}

stand_ins() {
    debian_base
    build python:3.13-slim-trixie "$here/images/python"
    build nginx:1.28 "$here/images/nginx"
    build postgres:17 "$here/images/postgres"
    build prom/prometheus:v3.5.0 "$here/images/prometheus"
    kafka_jars "$cache/kafka-$KAFKA"
    build_with "apache/kafka:$KAFKA" kafka "$cache/kafka-$KAFKA" libs
    keycloak_server "$cache/keycloak-$KEYCLOAK"
    build_with "keycloak/keycloak:$KEYCLOAK" keycloak "$cache/keycloak-$KEYCLOAK" keycloak
}

build_with() { # build_with TAG IMAGE FETCHED NAME: with what was fetched beside the Dockerfile, under this name
    mkdir "$work/$2" && cp -r "$here/images/$2/." "$work/$2" && cp -r "$3" "$work/$2/$4"
    build "$1" "$work/$2"
    rm -rf "${work:?}/$2"
}

build() { # build TAG FOLDER: what has not changed comes from the engine's cache
    local began=$SECONDS
    docker build -q -t "$1" "$2" >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; return 1; }
    ((SECONDS - began < 5)) || echo "built a stand-in for $1 in $((SECONDS - began)) s"
}

# Debian itself, from the mirror and with the authorities that this machine trusts.
debian_base() {
    docker image inspect debian:trixie-slim >/dev/null 2>&1 && return
    local began=$SECONDS mirror
    mirror=$(sed -sn -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\([^ ]*\).*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1) || true
    [[ -n $mirror ]] || { echo "no Debian mirror is set up on this machine" >&2; return 1; }
    debootstrap --variant=minbase --include=ca-certificates trixie "$work/debian" "$mirror" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" >&2; return 1; }
    cp /etc/ssl/certs/ca-certificates.crt "$work/debian/etc/ssl/certs/ca-certificates.crt"
    # As Debian's own images have it: nothing that was unpacked is kept.
    printf '%s\n' 'APT::Keep-Downloaded-Packages "false";' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' \
        'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };' >"$work/debian/etc/apt/apt.conf.d/docker-clean"
    rm -rf "$work"/debian/var/cache/apt/* "$work"/debian/var/lib/apt/lists/* "$work"/debian/usr/share/{doc,man,info,locale}/*
    tar -C "$work/debian" -c . | docker import - debian:trixie-slim >/dev/null
    rm -rf "$work/debian"
    echo "made a base from Debian's packages in $((SECONDS - began)) s"
}

kafka_jars() { # kafka_jars FOLDER: as Apache publishes them
    [[ -d $1 ]] || fetched "$1" -f "$here/images/kafka/pom.xml" "$DEPENDENCIES:copy-dependencies" -DincludeScope=runtime
}

keycloak_server() { # keycloak_server FOLDER: as its makers publish it
    [[ -d $1 ]] && return
    fetched "$1.unpacked" "$DEPENDENCIES:unpack" "-Dartifact=org.keycloak:keycloak-quarkus-dist:$KEYCLOAK:zip"
    chmod 0755 "$1.unpacked/keycloak-$KEYCLOAK/bin/kc.sh"
    mv "$1.unpacked/keycloak-$KEYCLOAK" "$1" && rmdir "$1.unpacked"
}

fetched() { # fetched FOLDER WORDS...: what Maven puts there, whole or not at all
    local folder=$1
    shift
    rm -rf "$folder.new"
    (cd "$work" && mvn -B -q "-Dmaven.repo.local=$cache/m2" "$@" "-DoutputDirectory=$folder.new") >"$work/maven.log" 2>&1 ||
        { tail -n 20 "$work/maven.log" >&2; return 1; }
    mv "$folder.new" "$folder"
}
