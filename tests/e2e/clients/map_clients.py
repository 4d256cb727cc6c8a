"""The map as clients of third parties read it: OWSLib (OGC API Features) and mapbox-vector-tile.

Arguments: address, token. Says `ok` when everything was as it should be.
"""

import sys

import mapbox_vector_tile
import requests
from owslib.ogcapi.features import Features

base, token = sys.argv[1:3]
bearer = {"Authorization": f"Bearer {token}"}


def check(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r} instead of {wanted!r}")


features = Features(f"{base}/ogc/features", headers=bearer)
conforms = features.conformance()["conformsTo"]
check("core", any(part.endswith("ogcapi-features-1/1.0/conf/core") for part in conforms), True)
listed = features.feature_collections()
check("collections", {"component", "town"} <= set(listed), True)
check("title", features.collection("component")["title"], "城市部件")
check("queryables", "state" in features.collection_queryables("component")["properties"], True)

seen, page = [], features.collection_items("component", limit=2)
while True:
    seen += [feature["id"] for feature in page["features"]]
    following = [link["href"] for link in page["links"] if link["rel"] == "next"]
    if not following:
        break
    page = requests.get(following[0], headers=bearer, timeout=20).json()
wanted = [3202810103000000 + number for number in range(1, 6)]
check("pages", seen, wanted)

damaged = features.collection_items("component", filter="state = 'damaged'")
check("filter", [feature["id"] for feature in damaged["features"]], wanted[4:])
west = features.collection_items("component", bbox=[120.0, 31.0, 120.2825, 32.5])
check("bbox", [feature["id"] for feature in west["features"]], wanted[:2])

mercator = "http://www.opengis.net/def/crs/EPSG/0/3857"
address = f"{base}/ogc/features/collections/component/items/{wanted[0]}"
answer = requests.get(address, params={"crs": mercator}, headers=bearer, timeout=20)
check("crs", answer.headers["Content-Crs"], f"<{mercator}>")
x, y = answer.json()["geometry"]["coordinates"]
check("metres", (round(x), round(y)), (13389620, 3751503))
refused = requests.get(f"{base}/ogc/features/collections", timeout=20)
check("nobody", refused.status_code, 401)

tile = requests.get(f"{base}/api/v1/layers/component/tiles/16/54664/26633", headers=bearer, timeout=20)
check("tile", tile.status_code, 200)
layer = mapbox_vector_tile.decode(tile.content)["component"]
check("extent", layer["extent"], 4096)
ids = sorted(feature["id"] for feature in layer["features"])
check("tile's features", set(ids) <= set(wanted) and len(ids) > 0, True)
again = {**bearer, "If-None-Match": tile.headers["ETag"]}
same = requests.get(tile.url, headers=again, timeout=20)
check("the same tile", same.status_code, 304)
print("ok")
