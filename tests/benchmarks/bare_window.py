"""A window with two plots and a table, and nothing else: what start-up is measured against."""

import os
import sys

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

application = QApplication(sys.argv[:1])
window, centre = QMainWindow(), QWidget()
layout = QVBoxLayout(centre)
for _ in range(2):
    plot = pg.PlotWidget()
    plot.plot(np.linspace(0, 1, 100), np.linspace(0, 1, 100))
    layout.addWidget(plot)
table = QTableWidget(4, 6)
for row in range(4):
    for column in range(6):
        table.setItem(row, column, QTableWidgetItem("0.50"))
layout.addWidget(table)
window.setCentralWidget(centre)
window.resize(1440, 900)
window.show()
application.processEvents()
window.grab()
