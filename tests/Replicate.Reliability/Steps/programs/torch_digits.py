# Trains a network of PyTorch on digits of noise as scripts for MNIST do, and keeps a copy of what it saved at each step:
# torch_digits.py before|after COPIES [EPOCHS], where before saves before it prints the metrics of an epoch.
import shutil
import sys

import torch
from torch import nn
from torch.nn import functional

saves_first, copies = sys.argv[1] == "before", sys.argv[2]
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 8
torch.manual_seed(1)
torch.set_num_threads(1)
centers = torch.rand(10, 1, 28, 28)
labels = torch.randint(0, 10, (2000,))
images = centers[labels] + 0.5 * torch.randn(2000, 1, 28, 28)
model = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 12 * 12, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)


def train():
    model.train()
    total = 0.0
    for first in range(0, len(images), 100):
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(images[first:first + 100]), labels[first:first + 100])
        loss.backward()
        optimizer.step()
        total += loss.item() / 20
    return total


def test():
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).sum().item()


def save(epoch):
    torch.save({"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, "mnist.pt")
    shutil.copy("mnist.pt", f"{copies}/{epoch}")


for epoch in range(1, epochs + 1):
    loss, correct = train(), test()
    if saves_first:
        save(epoch)
    print(f"Train Epoch: {epoch}\tLoss: {loss:.6f}\tAccuracy: {correct}/{len(images)} ({100. * correct / len(images):.0f}%)")
    if not saves_first:
        save(epoch)
