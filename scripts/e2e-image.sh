#!/usr/bin/env bash
# Runs the api suite on n8n's image, with the package installed by docs/deployment.md's Dockerfile:
# all of it but the files that start an n8n of their own.
#
#   scripts/e2e-image.sh docker.n8n.io/n8nio/n8n:latest [further options of jest]
set -euo pipefail
cd "$(dirname "$0")/.."
image=$1
url=http://127.0.0.1:5678

context=$(mktemp -d)
container=enablenow-e2e-$$
trap 'docker rm --force "$container" >/dev/null 2>&1 || true; rm -rf "$context"' EXIT

npm run --silent build
npm pack --silent --pack-destination "$context"
sed -n '/^```dockerfile$/,/^```$/{/^```/!p}' docs/deployment.md >"$context/Dockerfile"
docker build --tag "$container" --build-arg "N8N_IMAGE=$image" "$context"
version=$(docker run --rm --entrypoint n8n "$container" --version)
echo "n8n $version" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"

# The sandbox is on this machine, and reachable from nowhere else.
docker run --detach --name "$container" --network host \
	--env N8N_LISTEN_ADDRESS=127.0.0.1 \
	--env N8N_SECURE_COOKIE=false \
	--env N8N_DIAGNOSTICS_ENABLED=false \
	--env N8N_PERSONALIZATION_ENABLED=false \
	--env N8N_UNVERIFIED_PACKAGES_ENABLED=true \
	"$container"
# While n8n prepares its database, it answers otherwise.
timeout 180 sh -c "until curl -sf $url/rest/settings | grep -q userManagement; do sleep 2; done" ||
	{ docker logs --tail 100 "$container" && false; }

E2E_N8N_URL=$url E2E_N8N_VERSION=$version E2E_TARBALL=$(ls "$context"/*.tgz) \
	npx jest --config=jest.e2e.config.js --runInBand --selectProjects=api --verbose "${@:2}" \
	--testPathIgnorePatterns=/lifecycle --testPathIgnorePatterns=/deployment
