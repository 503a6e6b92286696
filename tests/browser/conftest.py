"""A real Chromium against the real page with the real embedding model."""

import shutil

import pytest
from fakes.notes import note_file
from servers.browsing import watch
from servers.page import Served

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NORM = """# 批归一化

## BN 在训练和测试时有什么区别？

训练时用当前小批量的均值和方差归一化，同时用滑动平均累积全局的均值与方差。测试时不再看批内统计，而是用训练中累积的全局均值和方差。

## 为什么 BN 能加快收敛？

BN 让每层输入的分布保持稳定，梯度不容易消失，因此可以使用更大的学习率。公式为 $y=\\gamma\\hat{x}+\\beta$，其中 $\\gamma$ 和 $\\beta$ 可以学习。
"""

REGULAR = """# 正则化

## Dropout 为什么能防止过拟合？

训练时以概率 p 随机把神经元的输出置零，使网络不能依赖某几个神经元的共同作用，相当于训练了许多共享参数的子网络。<img src="http://evil.example/x.png" onerror="window.hacked=1"> ![x](http://evil.example/y.png)

## L1 和 L2 正则化有什么区别？

L1 正则化惩罚权重绝对值之和，容易得到稀疏解。L2 正则化惩罚权重平方和，使权重整体变小但很少为零。
"""


@pytest.fixture(scope="session")
def make_kaodian(tmp_path_factory, embedder, model_store):
    """Makes a product over two notes of the learner's own."""
    from bot.adapters.index import open_index
    from bot.adapters.sql import open_store
    from bot.app import Kaodian, Outside
    from bot.settings import Settings

    def make(model=None, **changes):
        home = tmp_path_factory.mktemp("page")
        settings = Settings(**({"home": home, "sample": "off", "llm": "none", "lang": "zh"} | changes))
        outside = Outside(open_store(home), open_index(home, None), embedder, model_store, model)
        kaodian = Kaodian(settings, outside)
        kaodian.notes.add([note_file(NORM, "norm.md"), note_file(REGULAR, "regular.md")])
        return kaodian

    return make


@pytest.fixture(scope="session")
def served(make_kaodian):
    with Served(make_kaodian()) as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium for the browser tests: apt-get install chromium fonts-noto-cjk")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens pages, and holds every one to silence: no request elsewhere, no error in the console."""
    contexts, requests, problems = [], [], []

    def opened(url, width=1280, height=900):
        contexts.append(chromium.new_context(viewport={"width": width, "height": height}, locale="en-US"))
        page = contexts[-1].new_page()
        page.set_default_timeout(120_000)
        watch(page)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#query textarea")
        return page

    yield opened
    for context in contexts:
        context.close()
    local = ("http://127.0.0.1:", "data:", "blob:")
    assert [url for url in requests if not url.startswith(local)] == []
    assert problems == []
