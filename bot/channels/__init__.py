"""The ways people reach the bot; each implements `handlers.kit.channel.Channel`."""
